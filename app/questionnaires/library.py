"""All instruments of a folder with their wordings and worked cases. The only module of the core that reads files.

The folder is ``<code>/<version>/`` with definition.yaml, cases.yaml, one wording.<language>.yaml per language and one
<name>.csv per table of numbers.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from app.questionnaires.cases import Case, parse_cases
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import TABLE_NAME
from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.pack import Pack, rank
from app.questionnaires.parse import parse_instrument
from app.questionnaires.tables import Table, parse_table
from app.questionnaires.wording import Wording, parse_wording
from app.questionnaires.yaml_source import MAX_BYTES

DEFINITION, CASES = "definition.yaml", "cases.yaml"
_WORDING = re.compile(r"wording\.([A-Za-z-]+)\.yaml")
Parsed = TypeVar("Parsed")


class BrokenLibrary(Exception):
    """A folder of instruments with all mistakes of all its files."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


class NotInLibrary(KeyError):
    """An instrument, or one of its languages, that is not installed."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Installed:
    """One instrument version with everything that belongs to it.

    ``wordings``: by language the one to begin with; ``packs``: by language every version, the oldest first.
    """

    instrument: Instrument
    content_hash: str
    wordings: Mapping[str, Wording]
    cases: Path
    packs: Mapping[str, tuple[Pack, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Library:
    """What is installed, by instrument key (``weshare-core@1.0``). Every look-up raises NotInLibrary."""

    installed: Mapping[str, Installed]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all instruments, in order."""
        return tuple(sorted(self.installed))

    def instrument(self, key: str) -> Instrument:
        """The instrument with that key."""
        return self._find(key).instrument

    def instrument_hash(self, key: str) -> str:
        """SHA-256 of the definition's content, in hexadecimal."""
        return self._find(key).content_hash

    def languages(self, key: str) -> tuple[str, ...]:
        """The languages in which the instrument's wording is installed and not withdrawn, in order."""
        return tuple(sorted(self._find(key).wordings))

    def wording(self, key: str, language: str, version: str | None = None) -> Wording:
        """The wording in exactly that language; choosing another one for a person is the caller's decision.

        Without ``version`` the newest that is in use, or the newest at all where every one is withdrawn: what was
        answered with it is still to be read. Nobody begins with a language that ``languages`` does not list.
        """
        if version is None and (found := self._find(key).wordings.get(language)):
            return found
        for pack in reversed(self.packs(key, language)):
            if version in (None, pack.wording.wording_version):
                return pack.wording
        named = "" if version is None else f", version {version},"
        raise NotInLibrary(f"The wording of {key} in “{language}”{named} is not installed.")

    def packs(self, key: str, language: str) -> tuple[Pack, ...]:
        """Every version of the wording in that language, withdrawn ones included, the oldest first."""
        return self._find(key).packs.get(language, ())

    def all_packs(self) -> Iterator[Pack]:
        """Every version of every wording, by instrument, language and age."""
        for key in self.keys:
            for _language, packs in sorted(self._find(key).packs.items()):
                yield from packs

    def with_packs(self, packs: Iterable[Pack]) -> "Library":
        """The same library with more wordings, each of an instrument of it."""
        added: dict[str, list[Pack]] = {}
        for pack in packs:
            added.setdefault(pack.wording.instrument_key, []).append(pack)
        more = {key: _with_packs(self._find(key), found) for key, found in added.items()}
        return Library(MappingProxyType({**self.installed, **more}))

    def cases(self, key: str) -> tuple[Case, ...]:
        """The worked cases, read now: nothing but checks and tests needs them. Raises BrokenFile.

        () where there are none because the instrument is not scored.
        """
        found = self._find(key)
        if not found.cases.exists():
            return ()
        return parse_cases(found.cases.read_bytes(), str(found.cases), found.instrument)

    def _find(self, key: str) -> Installed:
        try:
            return self.installed[key]
        except KeyError:
            raise NotInLibrary(f"The instrument “{key}” is not installed.") from None


def load(root: Path) -> Library:
    """All instruments under a folder. Raises BrokenLibrary with every mistake of every file but the worked cases.

    While no file has changed, the same library comes back: it is immutable, and reading it takes most of a second.
    """
    return _kept(root, _fingerprint(root))


@lru_cache(maxsize=4)
def _kept(root: Path, _content: bytes) -> Library:
    return _loaded(_Reading(root, with_cases=False))


def _fingerprint(root: Path) -> bytes:
    """A hash of the names and contents of everything that is read under a folder."""
    found = hashlib.sha256()
    for file in sorted([*root.glob("*/*"), *root.glob("*/*/*")]):
        found.update(f"{file.relative_to(root)}\0".encode(errors="surrogateescape"))
        try:
            with file.open("rb") as opened:
                found.update(hashlib.sha256(opened.read(MAX_BYTES + 1)).digest())
        except OSError as bad:
            found.update(f"{bad.errno}".encode())
    return found.digest()


def load_versions(root: Path, code: str) -> Library:
    """Only the versions of one instrument, for who needs no other; none where the code is not installed."""
    return _loaded(_Reading(root, with_cases=False, code=code))


def _loaded(reading: "_Reading") -> Library:
    installed = {one.instrument.key: one for one in reading.installed()}
    if reading.mistakes:
        raise BrokenLibrary(reading.mistakes)
    return Library(MappingProxyType(installed))


def check(root: Path) -> tuple[Mistake, ...]:
    """Every mistake of every file under a folder; () where all is well."""
    try:
        _loaded(_Reading(root, with_cases=True))
    except BrokenLibrary as broken:
        return broken.mistakes
    return ()


@dataclass(slots=True)
class _Reading:
    """One walk through the folder that goes on after a broken file."""

    root: Path
    with_cases: bool
    code: str | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def installed(self) -> list[Installed]:
        codes = [code for code in _folders(self.root) if self.code in (None, code.name)]
        folders = [version for code in codes for version in _folders(code)]
        if not folders and self.code is None:
            self._add(self.root, "There is no instrument here; it would stand in <code>/<version>/definition.yaml.")
        return [one for folder in folders if (one := self._one(folder))]

    def _one(self, folder: Path) -> Installed | None:
        named = (folder.parent.name, folder.name)
        tables = self._tables(folder)
        instrument = self._parse(folder / DEFINITION, partial(parse_instrument, folder=named, tables=tables))
        wordings: list[Wording] = []
        for file in sorted(folder.glob("*.y*ml")):
            if found := _WORDING.fullmatch(file.name):
                wording = self._parse(file, partial(parse_wording, instrument=instrument, language=found[1]))
                if wording:
                    wordings.append(wording)
            elif file.name not in (DEFINITION, CASES):
                self._add(file, f"Files here are named {DEFINITION}, {CASES} or wording.<language>.yaml.")
        if (folder / CASES).exists() or (instrument and instrument.scales):
            self._cases(folder / CASES, instrument)
        if instrument is None:
            return None
        shipped = Installed(instrument, instrument.content_hash, MappingProxyType({}), folder / CASES)
        return _with_packs(shipped, map(Pack, wordings))

    def _cases(self, file: Path, instrument: Instrument | None) -> None:
        if self.with_cases:
            self._parse(file, partial(parse_cases, instrument=instrument))
        elif not file.exists():
            self._add(file, "This file is missing.")

    def _tables(self, folder: Path) -> dict[str, Table]:
        """The numbers that stand beside the definition; a broken file is listed and missing."""
        parsed: dict[str, Table] = {}
        for file in sorted(folder.glob("*.csv")):
            if not re.fullmatch(TABLE_NAME, file.stem):
                self._add(file, "A table is named with letters, digits, _ and hyphens, beginning with a letter.")
            elif table := self._parse(file, parse_table):
                parsed[file.stem] = table
        return parsed

    def _parse(self, file: Path, parse: Callable[[bytes, str], Parsed]) -> Parsed | None:
        try:
            with file.open("rb") as opened:
                return parse(opened.read(MAX_BYTES + 1), self._named(file))
        except FileNotFoundError:
            self._add(file, "This file is missing.")
        except OSError as bad:
            self._add(file, f"This file cannot be read ({bad.strerror}).")
        except BrokenFile as broken:
            self.mistakes += broken.mistakes
        return None

    def _add(self, file: Path, message: str) -> None:
        self.mistakes.append(Mistake(self._named(file), 1, "", message))

    def _named(self, file: Path) -> str:
        return str(file.relative_to(self.root.parent))


def _with_packs(one: Installed, added: Iterable[Pack]) -> Installed:
    """With more wordings; in each language the newest in use is the one to begin with, and a preview only alone."""
    packs: dict[str, list[Pack]] = {language: list(known) for language, known in one.packs.items()}
    for pack in added:
        packs.setdefault(pack.wording.language, []).append(pack)
    ordered = {language: tuple(sorted(found, key=rank)) for language, found in packs.items()}
    usable = {language: [pack.wording for pack in found if pack.is_usable] for language, found in ordered.items()}
    newest = {language: _first_choice(found) for language, found in usable.items() if found}
    return replace(one, wordings=MappingProxyType(newest), packs=MappingProxyType(ordered))


def _first_choice(usable: list[Wording]) -> Wording:
    real = [wording for wording in usable if wording.provenance.kind != "preview"]
    return (real or usable)[-1]


def _folders(parent: Path) -> list[Path]:
    """The folders in a folder, in order; none where there is no such folder. Hidden ones are left alone."""
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))
