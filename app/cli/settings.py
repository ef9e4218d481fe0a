"""What every command needs first: the settings, or a sentence about each one that is missing."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from app.config import PREFIX, ROOT, BrokenConfig, Config, from_environment, wordings_folder
from app.questionnaires.library import BrokenLibrary, Library, load

FAILED, USAGE = 1, 2


def read(port: int | None = None) -> Config:
    """The settings of this process; where some are missing the command ends with all of them, and no traceback.

    ``port``: where the embedded server will listen, for the addresses in messages, unless a setting says otherwise.
    """
    environment = dict(os.environ)
    if port is not None and environment.get(f"{PREFIX}MODE", "demo") == "demo":
        environment.setdefault(f"{PREFIX}PUBLIC_URL", f"http://127.0.0.1:{port}")
    try:
        return from_environment(environment)
    except BrokenConfig as broken:
        stop(str(broken), USAGE)


def instance_folder() -> Path:
    """The folder of the embedded default."""
    return Path(os.environ.get(f"{PREFIX}INSTANCE") or ROOT / "instance").absolute()


def read_library(folder: Path) -> Library:
    """The instruments in a folder; where files are wrong the command ends with every mistake."""
    try:
        return load(folder)
    except BrokenLibrary as broken:
        stop(str(broken), FAILED)


def instruments_folder() -> Path:
    """Where the questionnaires are: WESHARE_INSTRUMENTS, else those that come with the program."""
    return Path(os.environ.get(f"{PREFIX}INSTRUMENTS") or ROOT / "instruments")


def wordings() -> Path:
    """Where wordings are installed."""
    return wordings_folder({name.removeprefix(PREFIX): value for name, value in os.environ.items()})


def stop(sentence: str, code: int = FAILED) -> NoReturn:
    """End the command with a sentence for a person."""
    click.echo(sentence, err=True)
    sys.exit(code)
