"""Wording files of the tiny instrument, and the library that they are installed beside."""

from pathlib import Path

from app.questionnaires.library import Library, load
from app.questionnaires.pack import Pack
from app.wordings import install
from tests.support.instruments import changed, wording_text, write_instrument
from tests.support.world import AT

KEY = "tiny@1.0"


def shipped(root: Path, languages: tuple[str, ...] = ("en",)) -> Library:
    """The tiny instrument as it would come with the program."""
    write_instrument(root / "instruments", languages)
    return load(root / "instruments")


def text_of(language: str = "fr", version: str = "1", question: str = "How are stairs for you?") -> bytes:
    """A sound file."""
    text = changed(wording_text(language), 'wording_version: "1"', f'wording_version: "{version}"')
    return changed(text, "How are stairs for you?", question).encode()


def put(library: Library, folder: Path, text: bytes, by: str = "staff:1") -> Pack:
    """Check and install a file."""
    return install.install(library, folder, install.check(library, text, "w.yaml"), text, by, AT)
