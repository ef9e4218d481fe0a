"""Files that people attach: what a file is, its first bytes say, not its name. Nothing here opens or stores one."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from app.errors import Refusal

MAX_BYTES: Final = 5_000_000
LONGEST_NAME: Final = 120
BEGINNINGS: Final[Mapping[str, bytes]] = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
"""The kinds that can be kept, by the bytes with which each begins."""
MEDIA_TYPES: Final[Mapping[str, str]] = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be kept, under a name that is one anywhere."""

    name: str
    kind: str
    content: bytes

    @property
    def content_hash(self) -> str:
        """Its SHA-256, in hexadecimal digits."""
        return sha256(self.content).hexdigest()


def checked(name: str, content: bytes, kinds: Collection[str] = tuple(BEGINNINGS)) -> File:
    """The file if it is of one of the kinds.

    Refusals: ``document-missing``, ``document-too-large``, ``document-kind``.
    """
    if not content:
        raise Refusal("document-missing")
    if len(content) > MAX_BYTES:
        raise Refusal("document-too-large")
    kind = next((kind for kind in kinds if content.startswith(BEGINNINGS[kind])), None)
    if kind is None:
        raise Refusal("document-kind")
    return File(safe_name(name, kind), kind, content)


def safe_name(written: str, kind: str) -> str:
    """A file name that is one anywhere: no folder, nothing invisible, the ending of what the file really is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", written))[-1]
    plain = re.sub(r"[^\w .()-]+", "_", last).strip(" .")
    stem = re.sub(r"\.\w{1,5}$", "", plain)[: LONGEST_NAME - 5].strip(" .") or "document"
    return f"{stem}.{kind}"
