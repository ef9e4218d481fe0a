"""``weshare staff``: help for a professional whom no data manager can help, such as the only one there is."""

import click

from app.accounts import reset_links
from app.accounts import staff as professionals
from app.audit import trail
from app.cli import settings
from app.db import connect
from app.jobs import clock

ACTOR = "operator"


@click.group()
def staff() -> None:
    """The access of professionals."""


@staff.command()
@click.argument("login")
@click.option("--lost-telephone", is_flag=True, help="The second factor is lost too, and is set up anew.")
def link(login: str, lost_telephone: bool) -> None:
    """Write a one-time link to standard output, with which the professional of LOGIN chooses a new password."""
    config = settings.read()
    study = connect(config).study
    if study is None:
        settings.stop("This process has no study database: WESHARE_AUDIENCES names the vault alone.", settings.USAGE)
    at = clock.now()
    with study.write() as session:
        found = professionals.find(session, login)
        if found is None:
            settings.stop(f"No professional has the login {login!r}.", settings.USAGE)
        token = reset_links.make(session, found.id, at, drops_factor=lost_telephone)
        facts = {"drops_factor": lost_telephone}
        trail.record(session, at, ACTOR, "staff.reset-link-made", f"staff:{found.id}", facts)
        session.commit()
    study.engine.dispose()
    click.echo(f"{config.public_url}/staff/new-password/{token}")
