"""Files that show what was agreed about a licence. What a file is, its first bytes say, not its name."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.licences.models import Licence, LicenceDocument

MAX_BYTES = 5_000_000
LONGEST_NAME = 120
BEGINNINGS: Mapping[str, bytes] = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
"""The kinds that are kept, by the bytes with which each begins."""
MEDIA_TYPES: Mapping[str, str] = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


def attach(
    session: Session, licence_id: int, name: str, content: bytes, staff_id: int, at: datetime
) -> LicenceDocument:
    """Keep a file with a licence. Refusals: ``document-missing``, ``document-too-large``, ``document-kind``."""
    if not content:
        raise Refusal("document-missing")
    if len(content) > MAX_BYTES:
        raise Refusal("document-too-large")
    kind = next((kind for kind, beginning in BEGINNINGS.items() if content.startswith(beginning)), None)
    if kind is None:
        raise Refusal("document-kind")
    document = LicenceDocument(
        key=secrets.token_urlsafe(16),
        licence_id=licence_id,
        name=safe_name(name, kind),
        kind=kind,
        size=len(content),
        content_hash=sha256(content).hexdigest(),
        content=content,
        attached_by=staff_id,
        attached_at=at,
    )
    session.add(document)
    session.flush()
    return document


def of_licence(session: Session, licence_id: int) -> list[LicenceDocument]:
    """The files of a licence without their content, the newest first."""
    statement = select(LicenceDocument).where(LicenceDocument.licence_id == licence_id)
    return list(session.scalars(statement.order_by(LicenceDocument.id.desc())))


def find(session: Session, licence_key: str, key: str) -> LicenceDocument | None:
    """One file of one licence; None where it is another's, or nobody's."""
    return session.scalar(
        select(LicenceDocument)
        .join(Licence, Licence.id == LicenceDocument.licence_id)
        .where(Licence.key == licence_key, LicenceDocument.key == key)
    )


def safe_name(written: str, kind: str) -> str:
    """A file name that is one anywhere: no folder, nothing invisible, the ending of what the file really is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", written))[-1]
    plain = re.sub(r"[^\w .()-]+", "_", last).strip(" .")
    stem = re.sub(r"\.\w{1,5}$", "", plain)[: LONGEST_NAME - 5].strip(" .") or "document"
    return f"{stem}.{kind}"
