"""What an exchange has to say beside its result: what a format cannot hold, and what of a file was not read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MAX_LISTED = 500


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that did not cross over, or not as it was. ``where``: a path or a row in the file, or a part's name."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class Unreadable(Exception):
    """A file that gives no instrument at all, with every reason."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = listed(notes)
        super().__init__("\n".join(map(str, self.notes)))


@dataclass(frozen=True, slots=True)
class Exported:
    """A file in the format of others, and what it does not say."""

    content: bytes
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """An instrument's folder as it would be written: its key and the text of each of its files by name."""

    code: str
    version: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """The instruments that a file holds, and what of the file was not read, or otherwise than it is written."""

    folders: tuple[Folder, ...]
    notes: tuple[Note, ...]


def listed(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Each note once; beyond 500 a last one says how many more there are."""
    once = tuple(dict.fromkeys(notes))
    if len(once) <= MAX_LISTED:
        return once
    return (*once[:MAX_LISTED], Note("", f"{len(once) - MAX_LISTED} more are not listed."))
