"""``weshare instruments wording``: an empty file to fill in, installed wordings, and what became of them."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli import settings
from app.errors import Refusal
from app.questionnaires.definition import Instrument
from app.questionnaires.library import Library
from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.wording_template import template
from app.wordings import install as installing
from app.wordings import shelf
from app.wordings.register import Name

REFUSALS = {
    "wording-version-taken": (
        "{key} is already installed with another content, and an installed wording is never changed. If this is a "
        "correction, give it a new wording_version."
    ),
    "wording-withdrawn": "{key} was withdrawn. Give a corrected wording a new wording_version.",
    "wording-unknown": "{key} is not installed, or came with the program and cannot be withdrawn.",
    "reason-missing": "Write the reason, so that others understand it later: --because “...”.",
}
FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=lambda: settings.instruments_folder(),
    help="Where the questionnaires are.",
)
WORDINGS = click.option(
    "--wordings",
    type=click.Path(path_type=Path),
    default=lambda: settings.wordings(),
    help="Where wordings are installed; WESHARE_WORDINGS by default.",
)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def wording() -> None:
    """The texts of questionnaires, one file for each language."""


@wording.command()
@click.argument("code")
@click.argument("language")
@click.option("--out", type=FILE, help="Where to write it; to the standard output by default.")
@FOLDER
def new(code: str, language: str, out: Path | None, folder: Path) -> None:
    """An empty file to fill in from the licensed text; CODE with or without @version, LANGUAGE such as fr."""
    if not installing.is_language(language):
        settings.stop(f"“{language}” is not the code of a language, such as fr, en or pt-BR.", settings.USAGE)
    text = template(_instrument(settings.read_library(folder), code), language)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        settings.stop(f"{out} is already there, and perhaps filled in. Choose another name.")
    except OSError as bad:
        settings.stop(f"{out}: {bad.strerror}")
    click.echo(f"{out} is to be filled in; then: weshare instruments wording install {out}", err=True)


@wording.command()
@click.argument("file", type=FILE)
@FOLDER
@WORDINGS
def install(file: Path, folder: Path, wordings: Path) -> None:
    """Check a filled file and install it for ever; running pages take it up at once."""
    library = settings.read_library(folder)
    try:
        with file.open("rb") as opened:
            text = opened.read(installing.MAX_BYTES + 1)
        checked = installing.check(library, text, str(file))
        installing.install(library, wordings, checked, text, _by(), datetime.now(UTC))
    except BrokenFile as broken:
        count = len(broken.mistakes)
        settings.stop(f"{broken}\n{count} {'mistake' if count == 1 else 'mistakes'}; nothing was installed.")
    except Refusal as refusal:
        settings.stop(REFUSALS[refusal.code].format(key=checked.key))
    except OSError as bad:
        settings.stop(f"{bad.filename or file}: {bad.strerror}")
    click.echo(f"{checked.key} is installed. SHA-256 of its content: {checked.content_hash}")


@wording.command()
@click.argument("code")
@click.argument("language")
@click.argument("version")
@click.option("--because", default="", help="The reason, for those who ask later.")
@WORDINGS
def withdraw(code: str, language: str, version: str, because: str, wordings: Path) -> None:
    """Let nobody begin with a wording any more; CODE with @version. Who has begun may finish."""
    name = Name(code, language, version)
    try:
        is_new = installing.withdraw(wordings, name, because, _by(), datetime.now(UTC))
    except Refusal as refusal:
        settings.stop(REFUSALS[refusal.code].format(key=shelf.key_of(name)))
    except OSError as bad:
        settings.stop(f"{bad.filename}: {bad.strerror}")
    click.echo(f"{shelf.key_of(name)} {'is withdrawn' if is_new else 'was withdrawn before'}.")


@wording.command("list")
@FOLDER
@WORDINGS
def list_(folder: Path, wordings: Path) -> None:
    """One line a version: key, kind, since when, state. Ends with an error where a file is not what was installed."""
    stand = shelf.look(settings.read_library(folder), wordings)
    for pack in stand.library.all_packs():
        since = pack.installed_at.date().isoformat() if pack.installed_at else "with the program"
        newest = stand.library.wording(pack.wording.instrument_key, pack.wording.language)
        in_use = "in use" if newest == pack.wording else "superseded"
        state = in_use if pack.is_usable else f"withdrawn: {pack.withdrawn_because}"
        click.echo(f"{pack.wording.key}\t{pack.wording.provenance.kind}\t{since}\t{state}")
    for fault in stand.faults:
        click.echo(f"{fault.name}: {FAULTS[fault.code]}", err=True)
    if stand.faults:
        settings.stop("Bring the files back from the backup, or install them again.")


FAULTS = {
    "file-missing": "the file is missing",
    "file-changed": "the file is not what was installed",
    "not-fitting": "the questionnaire is not here, or the text does not fit it",
    "line-broken": "this line of the register cannot be read",
}


def _instrument(library: Library, wanted: str) -> Instrument:
    """The instrument with that key, or the newest version with that code."""
    code, _at, version = wanted.partition("@")
    found = [one for one in map(library.instrument, library.keys) if one.code == code and version in ("", one.version)]
    if not found:
        settings.stop(f"There is no questionnaire “{wanted}”; “weshare instruments list” shows all.")
    return max(found, key=lambda one: [int(part) for part in one.version.split(".")])


def _by() -> str:
    """Who installs, as far as this computer knows."""
    try:
        return f"command line: {getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as in a container
        return "command line"
