"""A wording file is checked, installed once and for ever, and perhaps withdrawn one day."""

import re
from datetime import datetime
from pathlib import Path

from app.errors import Refusal
from app.questionnaires.library import Library
from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.pack import Pack
from app.questionnaires.sayings import saying
from app.questionnaires.sentences import shown, suggestion
from app.questionnaires.wording import LANGUAGE, Wording, parse_wording
from app.questionnaires.yaml_source import Node, read
from app.wordings import register, shelf
from app.wordings.register import Entry, Name

MAX_BYTES = 300_000
"""A wording of 500 items has about 100 kB; what is larger is no wording."""


def is_language(code: str) -> bool:
    """Whether a text is the code of a language, as files write it: fr, pt-BR, zh-Hant."""
    return re.fullmatch(LANGUAGE, code, re.ASCII) is not None


def check(library: Library, text: bytes, path: str) -> Wording:
    """The wording in a file that is to be installed. Raises BrokenFile with every mistake by line and place.

    ``path`` is only for the messages. Which instrument it belongs to, the file says itself.
    """
    if len(text) > MAX_BYTES:
        raise BrokenFile(
            [
                Mistake(
                    path, 1, "", saying("The file is larger than %(most)s kB; it is not read.", most=MAX_BYTES // 1000)
                )
            ]
        )
    root = read(text, path).root
    key = f"{root.child('instrument').value}@{root.child('version').value}"
    if key in library.installed:
        return parse_wording(text, path, library.instrument(key))
    try:
        parse_wording(text, path, None)
    except BrokenFile as broken:
        raise BrokenFile([*broken.mistakes, *_no_instrument(library, root, path)]) from None
    raise BrokenFile(_no_instrument(library, root, path))


def install(shipped: Library, folder: Path, wording: Wording, text: bytes, by: str, at: datetime) -> Pack:
    """Keep a wording that ``check`` found sound; the same one again changes nothing.

    Refusal("wording-version-taken") where that version is here with another content, Refusal("wording-withdrawn")
    where it was withdrawn: a correction is a new version.
    """
    name = Name(wording.instrument_key, wording.language, wording.wording_version)
    with register.writing(folder) as writer:
        found = register.read(folder)
        known = [entry for entry in found.entries if entry.name == name]
        _refuse_other_content(shipped, wording, known)
        if any(entry.act == "withdrawn" for entry in known):
            raise Refusal("wording-withdrawn")
        entry = known[0] if known else Entry("installed", name, wording.content_hash, at, by)
        if shelf.read_pack(shipped, folder, entry) != wording:  # also brings back a file that was lost
            writer.keep(name, text.decode("utf-8"))
            writer.touch()
        if not known:
            writer.add(entry)
    return Pack(wording, entry.at, entry.by)


def withdraw(folder: Path, name: Name, because: str, by: str, at: datetime) -> bool:
    """Nobody begins with that wording any more; False where it was withdrawn before.

    Refusals: ``reason-missing``; ``wording-unknown`` for one that is not in the folder, as those that came with the
    program are not.
    """
    if not because.strip():
        raise Refusal("reason-missing")
    with register.writing(folder) as writer:
        known = [entry for entry in register.read(folder).entries if entry.name == name]
        if not known:
            raise Refusal("wording-unknown")
        if any(entry.act == "withdrawn" for entry in known):
            return False
        writer.add(Entry("withdrawn", name, known[0].hash, at, by, because.strip()[:400]))
    return True


def _refuse_other_content(shipped: Library, wording: Wording, known: list[Entry]) -> None:
    hashes = {entry.hash for entry in known}
    for pack in shipped.packs(wording.instrument_key, wording.language):
        if pack.wording.wording_version == wording.wording_version:
            hashes.add(pack.wording.content_hash)
    if hashes - {wording.content_hash}:
        raise Refusal("wording-version-taken")


def _no_instrument(library: Library, root: Node, path: str) -> list[Mistake]:
    code, version = root.child("instrument"), root.child("version")
    versions = [one.version for one in map(library.instrument, library.keys) if one.code == code.value]
    if versions:
        sentence = saying(
            "Version %(version)s is not here; of this questionnaire there is %(versions)s.",
            version=shown(version.value),
            versions=", ".join(versions),
        )
        return [Mistake(path, version.line, "version", sentence)]
    codes = list(dict.fromkeys(library.instrument(key).code for key in library.keys))
    sentence = saying("There is no questionnaire %(code)s.", code=shown(code.value)).then(suggestion(code.value, codes))
    return [Mistake(path, code.line, "instrument", sentence)]
