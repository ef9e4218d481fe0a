"""The folder of installed wordings: one file for each version, and the register that says which of them count.

The register is a file of lines that only grows: a wording counts once its line is there, with the hash of its content
and who installed it when; a later line may withdraw it. The files themselves are never changed.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

REGISTER = "register.jsonl"


class Name(NamedTuple):
    """Which wording: ``tiny@1.0``, ``fr``, ``2``."""

    instrument: str
    language: str
    wording_version: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a wording was installed, or withdrawn for a reason. ``hash`` is that of its content."""

    act: Literal["installed", "withdrawn"]
    name: Name
    hash: str
    at: datetime
    by: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The register: what can be read of it, and the numbers of the lines that cannot."""

    entries: tuple[Entry, ...]
    broken: tuple[int, ...]


def file_of(folder: Path, name: Name) -> Path:
    """Where the text of a wording is kept."""
    code, _at, version = name.instrument.partition("@")
    return folder / code / version / f"wording.{name.language}.{name.wording_version}.yaml"


def signature(folder: Path) -> tuple[int, int, int] | None:
    """Changes whenever a line is added; None without a register. Cheap enough to ask at each request."""
    try:
        found = os.stat(folder / REGISTER)
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def read(folder: Path) -> Read:
    """Every line, the oldest first. One that was cut off, as by a loss of power, is told and skipped."""
    try:
        lines = (folder / REGISTER).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return Read((), ())
    entries, broken = [], []
    for number, line in enumerate(lines, start=1):
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, TypeError, KeyError):
            broken.append(number)
    return Read(tuple(entries), tuple(broken))


@contextmanager
def writing(folder: Path) -> Iterator["Writer"]:
    """Nobody else changes the folder meanwhile, in whatever process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / REGISTER).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Writer(folder, file)


@dataclass(frozen=True, slots=True)
class Writer:
    """The one who may add lines now."""

    folder: Path
    file: Any

    def keep(self, name: Name, text: str) -> None:
        """Write the text of a wording: whole or not at all, and on the disk before its line is."""
        file = file_of(self.folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        making = file.with_suffix(".being-made")
        with making.open("w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        making.chmod(0o444)
        making.replace(file)

    def touch(self) -> None:
        """Have everybody read the folder again although no line was added."""
        os.utime(self.folder / REGISTER)

    def add(self, entry: Entry) -> None:
        """Add a line; after one that was cut off it still begins on its own."""
        size = self.file.seek(0, os.SEEK_END)
        if size:
            self.file.seek(size - 1)
            if self.file.read(1) != b"\n":
                self.file.write(b"\n")
        self.file.write(_line(entry).encode())
        self.file.flush()
        os.fsync(self.file.fileno())


def _line(entry: Entry) -> str:
    told = {**asdict(entry), "name": list(entry.name), "at": entry.at.isoformat()}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _entry(told: Mapping[str, Any]) -> Entry:
    at = datetime.fromisoformat(told["at"])
    if told["act"] not in ("installed", "withdrawn") or at.tzinfo is None:
        raise ValueError("not a line of ours")
    return Entry(told["act"], Name(*told["name"]), str(told["hash"]), at, str(told["by"]), str(told["because"]))
