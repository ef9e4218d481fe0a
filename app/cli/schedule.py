"""``weshare schedule``: check a protocol's file, move protocols between files and the database, try one out."""

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import click
from sqlalchemy import select

from app.cli import settings
from app.cli.settings import FAILED, stop
from app.config import ROOT, Config
from app.db import Databases, connect
from app.exchange.protocol_yaml import read_protocol, write_protocol
from app.questionnaires.library import Library
from app.questionnaires.mistakes import BrokenFile
from app.scheduling import simulate as machine
from app.scheduling.elements import InstrumentKey
from app.scheduling.parse import dump_protocol
from app.scheduling.protocol import Protocol
from app.scheduling.simulate import Amended, Burden, Entry, Kind
from app.studies import protocols
from app.studies.models import ProtocolVersion, Study

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
INSTRUMENTS = click.option(
    "--instruments", type=click.Path(path_type=Path), default=ROOT / "instruments", help="Where the questionnaires are."
)
DAY = click.DateTime(["%Y-%m-%d"])
WORDS = {Kind.OPENS: "opens", Kind.MESSAGE: "message", Kind.ALERT: "alert to staff", Kind.ANSWERED: "answered"}


@click.group()
def schedule() -> None:
    """Protocols: what a study asks, and when."""


@schedule.command()
@click.argument("file", type=FILE)
@INSTRUMENTS
def check(file: Path, instruments: Path) -> None:
    """Read a protocol and list all mistakes by line."""
    protocol = _read(file, settings.read_library(instruments))
    times = Counter("repeats" if visit.repeats or visit.burst else "once" for visit in protocol.visits)
    click.echo(
        f"{file}: version {protocol.version} is right: {len(protocol.events)} events, {len(protocol.visits)} visits"
        f" ({times['repeats']} of them repeat), {len(protocol.arms)} arms"
    )


@schedule.command()
@click.argument("study")
@click.option("--version", type=int, help="Which version; the newest by default.")
def export(study: str, version: int | None) -> None:
    """Write a study's protocol to the standard output, as a YAML file."""
    databases = _databases()[1]
    with databases.study.read() as session:  # type: ignore[union-attr]
        found = select(ProtocolVersion).join(Study, Study.id == ProtocolVersion.study_id).where(Study.code == study)
        if version is not None:
            found = found.where(ProtocolVersion.version == version)
        row = session.scalar(found.order_by(ProtocolVersion.version.desc()).limit(1))
        if row is None:
            stop(f"There is no such version of a protocol of a study “{study}”.", FAILED)
        click.echo(write_protocol(protocols.parsed(row.document)), nl=False)
    databases.close()


@schedule.command("import")
@click.argument("study")
@click.argument("file", type=FILE)
def import_(study: str, file: Path) -> None:
    """Publish the protocol of a file as the next version of a study's; who takes part goes on under the old one."""
    config, databases = _databases()
    protocol = _read(file, settings.read_library(config.instruments))
    with databases.study.write() as session:  # type: ignore[union-attr]
        found = session.scalar(select(Study).where(Study.code == study))
        if found is None:
            stop(f"There is no study “{study}”.", FAILED)
        version = protocols.publish(session, found.id, dump_protocol(protocol), datetime.now(UTC))
        session.commit()
        click.echo(f"{study}: version {version.version} is published.")
    databases.close()


@schedule.command()
@click.argument("file", type=FILE)
@click.option("--participants", type=click.IntRange(1, 10_000), default=22, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--start", type=DAY, help="First day of inclusions; the first of this year by default.")
@click.option("--years", type=click.IntRange(1, 20), default=3, show_default=True, help="How long to live on.")
@click.option("--amended", type=FILE, help="A later version of the protocol.")
@click.option("--amended-on", type=DAY, help="The day from which it applies.")
@click.option("--summary", is_flag=True, help="Only the burden, without the calendar.")
@INSTRUMENTS
def simulate(  # noqa: PLR0913 -- one argument an option
    file: Path,
    participants: int,
    seed: int,
    start: datetime | None,
    years: int,
    amended: Path | None,
    amended_on: datetime | None,
    summary: bool,
    instruments: Path,
) -> None:
    """Live a protocol through with made-up people: every opening and message on a calendar, and the burden a month."""
    library = settings.read_library(instruments)
    protocol = _read(file, library)
    if (amended is None) is not (amended_on is None):
        stop("Give both --amended and --amended-on, or neither.", FAILED)
    change = None
    if amended is not None and amended_on is not None:
        change = Amended(_read(amended, library), amended_on.replace(tzinfo=UTC))
    begins = (start or datetime.now(UTC).replace(month=1, day=1)).date()
    until = datetime(begins.year, begins.month, begins.day, tzinfo=UTC) + timedelta(days=365 * years)
    entries = machine.simulate(protocol, participants, seed, begins, until, change)
    if not summary:
        _print_calendar(entries)
    minutes = {InstrumentKey(key): library.instrument(key).minutes for key in library.keys}
    _print_burden(machine.burden(entries, minutes), entries)


def _print_calendar(entries: tuple[Entry, ...]) -> None:
    by_day = sorted(entries, key=lambda entry: (entry.local.date(), entry.at))
    for day, of_day in groupby(by_day, key=lambda entry: entry.local.date()):
        click.echo(f"{day:%a %Y-%m-%d}")
        for entry in of_day:
            visit, iteration = entry.key
            what = " ".join(part for part in (WORDS[entry.kind], entry.detail, entry.channel) if part)
            number = f" ({iteration})" if iteration > 1 else ""
            click.echo(f"  {entry.local:%H:%M} {entry.zone.key:19} {entry.person:>4}  {visit}{number}: {what}")


def _print_burden(months: dict[tuple[int, str], Burden], entries: tuple[Entry, ...]) -> None:
    counted = Counter(entry.kind for entry in entries)
    said = ", ".join(f"{WORDS[kind]} {counted[kind]}" for kind in Kind)
    click.echo(f"In all: {said}.")
    if not months:
        return
    minutes = [one.minutes for one in months.values()]
    messages = [one.messages for one in months.values()]
    click.echo(
        f"A month in which anything happens: {sum(minutes) / len(months):.1f} minutes and"
        f" {sum(messages) / len(months):.1f} messages on average; at most {max(minutes)} minutes and"
        f" {max(messages)} messages."
    )
    for month, of_month in groupby(sorted(months, key=lambda one: one[1]), key=lambda one: one[1]):
        people = [months[one] for one in of_month]
        click.echo(
            f"  {month}: {len(people):>4} people, {sum(one.minutes for one in people):>5} minutes,"
            f" {sum(one.messages for one in people):>5} messages"
        )


def _read(file: Path, library: Library) -> Protocol:
    known = {key: tuple(library.instrument(key).scales) for key in library.keys}
    try:
        return read_protocol(file.read_bytes(), str(file), known)
    except BrokenFile as broken:
        for mistake in broken.mistakes:
            click.echo(str(mistake), err=True)
        click.echo(f"{len(broken.mistakes)} {'mistake' if len(broken.mistakes) == 1 else 'mistakes'}.", err=True)
        sys.exit(1)


def _databases() -> tuple[Config, Databases]:
    config = settings.read()
    databases = connect(config)
    if databases.study is None:
        stop("This needs the study's database, which is not set.", FAILED)
    return config, databases
