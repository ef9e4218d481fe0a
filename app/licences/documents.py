"""Files that show what was agreed about a licence."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import attached
from app.licences.models import Licence, LicenceDocument


def attach(
    session: Session, licence_id: int, name: str, content: bytes, staff_id: int, at: datetime
) -> LicenceDocument:
    """Keep a file with a licence. Refusals: ``document-missing``, ``document-too-large``, ``document-kind``."""
    file = attached.checked(name, content)
    document = LicenceDocument(
        key=secrets.token_urlsafe(16),
        licence_id=licence_id,
        name=file.name,
        kind=file.kind,
        size=len(content),
        content_hash=file.content_hash,
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
