"""``weshare demo``: a study with its people and two years of answers, made the first time and served every time."""

import logging
import shutil
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli import serve, settings
from app.cli.migrate import upgrade
from app.config import ROOT, Config, embedded
from app.db import connect
from app.demo import folder as folders
from app.demo_accounts import (
    DEMO_CITIZEN_EMAIL,
    DEMO_CITIZEN_PASSWORD,
    DEMO_MANAGER_LOGIN,
    DEMO_MANAGER_PASSWORD,
    DEMO_PATIENT_EMAIL,
    DEMO_PATIENT_PASSWORD,
    DEMO_STAFF_LOGIN,
    DEMO_STAFF_PASSWORD,
)
from app.jobs import clock

OLD_DAYS = 7
PAGES = """\

  WeShare is ready (Ctrl+C stops it):

    The patient        {url}/sign-in
                       {patient}   {patient_password}
    A citizen          {url}/sign-in
                       {citizen}   {citizen_password}
                       no study yet, and wants news of studies
    The mailbox        {url}/vault/mailbox
                       every message that was “sent”, with its links
    The investigator   {url}/staff/sign-in
                       {staff}   {staff_password}
    The data manager   {url}/staff/sign-in
                       {manager}   {manager_password}

    Start here         {url}/
"""


@click.command()
@click.option("--port", default=serve.PORT, show_default=True, help="Where to listen on this computer.")
@click.option("--again", is_flag=True, help="Throw the demonstration away and make it anew, for today.")
@click.option("--only-make", is_flag=True, help="Make the demonstration and do not serve it.")
def demo(port: int, again: bool, only_make: bool) -> None:
    """Make the demonstration if it is not there, and serve it."""
    folder = settings.instance_folder()
    url = f"http://{serve.HOST}:{port}"
    if not only_make:
        serve.refuse_taken_port(port)
    _make(folder, url, again=again)
    if only_make:
        return
    config = embedded(folder, url)
    _prepare(folder, config)
    days = folders.age(folder, clock.now()).days
    serve.serve_forever(config, port, lambda: _announce(url, days), logging.WARNING)


def _make(folder: Path, url: str, *, again: bool) -> None:
    try:
        is_made = folders.is_made(folder)
        if is_made and again:
            shutil.rmtree(folder)
        if not is_made or again:
            _generate(folder, url)
    except folders.Occupied:
        settings.stop(
            f"{folder} holds something that is not the demonstration. Move it away, or choose another folder: "
            "set WESHARE_INSTANCE to it."
        )
    except folders.BeingMade:
        settings.stop("The demonstration is being made by another process at this moment. Please wait for it.")


def _generate(folder: Path, url: str) -> None:
    """Make it, with a bar where there is a terminal and a line where there is none."""
    library = settings.read_library(ROOT / "instruments")
    console = Console(stderr=True)
    began = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("Living through two years of a study (once)", total=None)
        folders.make(
            folder,
            url,
            library,
            clock.now(),
            upgrade,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if not console.is_terminal:
        click.echo(f"Two years of a study lived through in {time.monotonic() - began:.0f} s.", err=True)


def _prepare(folder: Path, config: Config) -> None:
    """What a demonstration made by an older program, or served elsewhere before, needs today."""
    databases = connect(config)
    upgrade(databases)
    folders.move_links(folder, config.public_url, databases)
    databases.close()


def _announce(url: str, days: int) -> None:
    click.echo(
        PAGES.format(
            url=url,
            patient=DEMO_PATIENT_EMAIL,
            patient_password=DEMO_PATIENT_PASSWORD,
            citizen=DEMO_CITIZEN_EMAIL,
            citizen_password=DEMO_CITIZEN_PASSWORD,
            staff=DEMO_STAFF_LOGIN,
            staff_password=DEMO_STAFF_PASSWORD,
            manager=DEMO_MANAGER_LOGIN,
            manager_password=DEMO_MANAGER_PASSWORD,
        )
    )
    if days >= OLD_DAYS:
        click.echo(f"  It was made {days} days ago; “make again” makes it anew, so that something is due today.\n")
