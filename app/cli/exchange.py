"""``weshare instruments export`` and ``import``: instruments in the formats of other programs.

Everything that does not cross over is listed on the error output, by place.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import click

from app.cli.settings import FAILED, USAGE, read_library, stop
from app.config import ROOT
from app.exchange.fhir import read as fhir_read
from app.exchange.fhir import write as fhir_write
from app.exchange.limesurvey import read as limesurvey_read
from app.exchange.limesurvey import write as limesurvey_write
from app.exchange.notes import Exported, Folder, Imported, Note, Unreadable
from app.exchange.redcap import read as redcap_read
from app.exchange.redcap import write as redcap_write
from app.questionnaires.definition import Instrument
from app.questionnaires.library import Library
from app.questionnaires.wording import Wording

PARTLY: Final = 3
"""Everything that could be read is written, and something could not."""

Wordings = Mapping[str, Wording]
FILE: Final = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Options:
    """What may be said beside the instrument: for REDCap, what stands before variables and where facts are asked."""

    prefix: str
    event: str | None


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written and read; ``languages`` is how many it can hold at once."""

    write: Callable[[Instrument, Wordings, Options], Exported]
    read: Callable[[bytes, date, str], Imported]
    languages: int | None = None


def _redcap(instrument: Instrument, wordings: Wordings, options: Options) -> Exported:
    layout = redcap_write.Layout(options.prefix, options.event)
    return redcap_write.dictionary(instrument, next(iter(wordings.values()), None), layout)


FORMATS: Final[Mapping[str, Format]] = {
    "fhir": Format(
        lambda instrument, wordings, _options: fhir_write.questionnaire(instrument, wordings),
        lambda content, on, _language: fhir_read.instrument(content, on),
    ),
    "limesurvey": Format(
        lambda instrument, wordings, _options: limesurvey_write.survey(instrument, wordings),
        lambda content, on, _language: limesurvey_read.instrument(content, on),
    ),
    "redcap": Format(_redcap, redcap_read.instruments, languages=1),
}
FORMAT = click.option("--format", "format_", type=click.Choice(list(FORMATS)), required=True, help="Of which program.")


@click.command("export")
@click.argument("code")
@FORMAT
@click.option("--lang", help="Languages, the file's own first: fr,en. Default: all whose wording is installed.")
@click.option("--out", "target", type=FILE, required=True, help="The file to write.")
@click.option("--prefix", default="", help="REDCap: what stands before every variable.")
@click.option("--event", help="REDCap: the event at which facts about the person are asked, such as baseline_arm_1.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=ROOT / "instruments", help="Where the questionnaires are."
)
def export(
    code: str, format_: str, lang: str | None, target: Path, prefix: str, event: str | None, folder: Path
) -> None:
    """Write a questionnaire for another program; CODE with or without @version.

    Without an installed wording it is a preview of topics, marked as such. What the format cannot say is listed on the
    error output.
    """
    form, installed = FORMATS[format_], read_library(folder)
    instrument = _found(installed, code)
    wordings, notes = _wordings(installed, instrument, lang)
    if form.languages is not None and len(wordings) > form.languages:
        stop(f"This format holds one language at a time; choose one with --lang: {', '.join(wordings)}.", USAGE)
    exported = form.write(instrument, wordings, Options(prefix, event))
    try:
        target.write_bytes(exported.content)
    except OSError as bad:
        stop(f"{target}: {bad.strerror}", FAILED)
    _say([*notes, *exported.notes])
    click.echo(f"{instrument.key} ({', '.join(wordings) or 'preview'}): {target}", err=True)


@click.command("import")
@click.argument("source", type=FILE)
@FORMAT
@click.option("--lang", default="en", help="REDCap: the language of the labels. Default: en.")
@click.option(
    "--out",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write <code>/<version>/ into.",
)
def import_(source: Path, format_: str, lang: str, target: Path) -> None:
    """Read questionnaires from a file of another program into folders that “weshare instruments check” accepts.

    What was not read is listed on the error output with its place. Ends with 0 where everything was read, with 3 where
    something was not, and with 1 where nothing is written.
    """
    try:
        with source.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        imported = FORMATS[format_].read(content, datetime.now(UTC).date(), lang)
    except OSError as bad:
        stop(f"{source}: {bad.strerror}", FAILED)
    except Unreadable as bad:
        _say(bad.notes)
        stop(f"{source}: nothing is written.", FAILED)
    _write(imported.folders, target)
    _say(imported.notes)
    if imported.notes:
        click.echo(f"{len(imported.notes)} notes; read them before the questionnaire is used.", err=True)
        sys.exit(PARTLY)


MAX_BYTES: Final = 20_000_000


def _write(folders: Sequence[Folder], target: Path) -> None:
    """All folders, or none where one of them is there already."""
    paths = [target / one.code / one.version for one in folders]
    for path in paths:
        if path.exists():
            stop(f"{path} is there already; nothing is written.", FAILED)
    try:
        for path, one in zip(paths, folders, strict=True):
            path.mkdir(parents=True)
            for name, text in one.files.items():
                (path / name).write_text(text, encoding="utf-8", newline="\n")
            click.echo(f"{one.code}@{one.version}: {path}")
    except OSError as bad:
        stop(f"{bad.filename}: {bad.strerror}", FAILED)


def _say(notes: Sequence[Note]) -> None:
    for note in notes:
        click.echo(str(note), err=True)


def _found(installed: Library, wanted: str) -> Instrument:
    """The instrument with that key, or the newest version with that code."""
    code, _, version = wanted.partition("@")
    every = map(installed.instrument, installed.keys)
    versions = [one for one in every if one.code == code and version in ("", one.version)]
    if not versions:
        stop(f"There is no questionnaire “{wanted}”; “weshare instruments list” shows all.", FAILED)
    return max(versions, key=lambda one: [int(part) for part in one.version.split(".")])


def _wordings(installed: Library, instrument: Instrument, lang: str | None) -> tuple[dict[str, Wording], list[Note]]:
    """The wordings in the languages that are asked for, and those that are not there."""
    there = installed.languages(instrument.key)
    wanted = there if lang is None else tuple(dict.fromkeys(one.strip() for one in lang.split(",")))
    notes = [Note(one, "The wording is not installed in this language.") for one in wanted if one not in there]
    return {one: installed.wording(instrument.key, one) for one in wanted if one in there}, notes
