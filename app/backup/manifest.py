"""What a backup says of itself: what is in it, how much, and the hash of every file."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FILE = "manifest.json"
FORMAT = 1


class BrokenBackup(Exception):
    """A backup cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file. ``rows``: table to how many; ``heads``: stream to number and hash; ``revision``: of its history."""

    name: str
    file: str
    kind: str
    bytes: int
    sha256: str
    revision: str | None
    rows: Mapping[str, int]
    heads: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole backup."""

    made_at: datetime
    program: str
    sealed: bool
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part | None:
        """The part with that name."""
        return next((part for part in self.parts if part.name == name), None)


def write(folder: Path, manifest: Manifest, key: bytes | None) -> None:
    """Put the manifest into the folder, with its proof if there is a key."""
    body = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    proof = {} if key is None else {"proof": _proof(body, key)}
    (folder / FILE).touch(mode=0o600)
    (folder / FILE).write_text(json.dumps({**body, **proof}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path, key: bytes | None) -> Manifest:
    """Read it again and compare every file with its hash; BrokenBackup before anything is touched."""
    try:
        body: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        proof = body.pop("proof", None)
        number = body.pop("format")
        parts = tuple(
            Part(**{**part, "heads": {stream: tuple(head) for stream, head in part["heads"].items()}})
            for part in body["parts"]
        )
        found = Manifest(datetime.fromisoformat(body["made_at"]), body["program"], body["sealed"], parts)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BrokenBackup(f"{folder} holds no backup that can be read ({type(problem).__name__})") from None
    if number != FORMAT:
        raise BrokenBackup(f"this backup has format {number}; this program reads format {FORMAT}")
    _check_key(found, proof, {"format": number, **body}, key)
    for part in parts:
        _check_file(folder / part.file, part)
    return found


def sha256(file: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _check_key(found: Manifest, proof: object, body: dict[str, Any], key: bytes | None) -> None:
    if not found.sealed:
        return
    if key is None:
        raise BrokenBackup("this backup is sealed: set WESHARE_BACKUP_KEY to the key that it was made with")
    if not hmac.compare_digest(str(proof), _proof(body, key)):
        raise BrokenBackup("the manifest was changed, or the backup was made with another WESHARE_BACKUP_KEY")


def _check_file(file: Path, part: Part) -> None:
    if not file.is_file():
        raise BrokenBackup(f"{part.file} is missing from the backup")
    if sha256(file) != part.sha256:
        raise BrokenBackup(f"{part.file} is not the file that was written: its hash differs")


def _proof(body: dict[str, Any], key: bytes) -> str:
    return hmac.digest(key, json.dumps(body, sort_keys=True).encode(), hashlib.sha256).hex()
