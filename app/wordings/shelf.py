"""The library as it stands at this moment: the shipped instruments with the wordings that are installed beside them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.questionnaires.library import Library
from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.pack import Pack
from app.questionnaires.wording import Wording, parse_wording
from app.wordings import register
from app.wordings.register import REGISTER, Entry, Name


@dataclass(frozen=True, slots=True)
class Fault:
    """A wording that is in the register and cannot be used: nobody is asked with it until its file is brought back.

    ``code``: ``file-missing``, ``file-changed`` (its content is not what was installed), ``not-fitting`` (the
    instrument is not here, or has become another one) or ``line-broken`` (a line of the register; ``name`` is its
    number).
    """

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Stand:
    """What one look at the folder has found."""

    library: Library
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class Shelf:
    """Gives the library, and reads the folder again once its register has grown, in whatever process that happened."""

    shipped: Library
    folder: Path
    on_faults: Callable[[tuple[Fault, ...]], None] = lambda _faults: None
    _seen: tuple[object, Stand] | None = field(default=None, init=False)

    def stand(self) -> Stand:
        """The library and what is wrong with the folder. Threads may ask at once: each gets one that is whole."""
        now = register.signature(self.folder)
        if self._seen is None or self._seen[0] != now:
            stand = look(self.shipped, self.folder)
            self._seen = (now, stand)
            if stand.faults:
                self.on_faults(stand.faults)
            return stand
        return self._seen[1]

    def library(self) -> Library:
        """The library alone."""
        return self.stand().library


def look(shipped: Library, folder: Path) -> Stand:
    """Read the folder. One bad wording keeps no other from being used."""
    found = register.read(folder)
    faults = [Fault("line-broken", str(number)) for number in found.broken]
    packs = []
    withdrawn = {entry.name: entry for entry in found.entries if entry.act == "withdrawn"}
    for name, entry in {one.name: one for one in found.entries if one.act == "installed"}.items():
        text = read_pack(shipped, folder, entry)
        if isinstance(text, Fault):
            faults.append(text)
        else:
            packs.append(_pack(text, entry, withdrawn.get(name)))
    return Stand(shipped.with_packs(packs), tuple(faults))


def read_pack(shipped: Library, folder: Path, entry: Entry) -> Wording | Fault:
    """The wording of an entry, if its file is what was installed and still fits the instrument."""
    shown = key_of(entry.name)
    if entry.name.instrument not in shipped.installed:
        return Fault("not-fitting", shown)
    try:
        text = register.file_of(folder, entry.name).read_bytes()
        wording = parse_wording(text, shown, shipped.instrument(entry.name.instrument), entry.name.language)
    except OSError:
        return Fault("file-missing", shown)
    except BrokenFile:
        return Fault("not-fitting", shown)
    if wording.content_hash != entry.hash or wording.key != shown:
        return Fault("file-changed", shown)
    return wording


def key_of(name: Name) -> str:
    """The wording in one word, as ``Wording.key`` has it: ``tiny@1.0/fr@2``."""
    return f"{name.instrument}/{name.language}@{name.wording_version}"


def files(folder: Path) -> tuple[Path, ...]:
    """What a backup must hold of the folder, in an order in which a copy is whole at every moment.

    The register comes first: it only grows, so a copy of it names nothing whose file a later copy would not have.
    """
    entries = register.read(folder).entries
    texts = {register.file_of(folder, entry.name): None for entry in entries if entry.act == "installed"}
    listed = ((folder / REGISTER), *texts) if entries else ()
    return tuple(path for path in listed if path.exists())


def _pack(wording: Wording, installed: Entry, withdrawn: Entry | None) -> Pack:
    if withdrawn is None:
        return Pack(wording, installed.at, installed.by)
    return Pack(wording, installed.at, installed.by, withdrawn.at, withdrawn.by, withdrawn.because)
