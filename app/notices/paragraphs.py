"""What a study adds to its messages: versions that stay, of which the last one is sent."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.notices.models import Paragraph

LONGEST: Final = 600


def current(session: Session, study_id: int, kind: str, language: str) -> str:
    """The paragraph that goes out now; empty where there is none."""
    found = latest(session, study_id, kind, language)
    return "" if found is None else found.text


def latest(session: Session, study_id: int, kind: str, language: str) -> Paragraph | None:
    """The last version, if there ever was one."""
    asked = select(Paragraph).where(
        Paragraph.study_id == study_id, Paragraph.kind == kind, Paragraph.language == language
    )
    return session.scalars(asked.order_by(Paragraph.version.desc()).limit(1)).first()


def write(
    session: Session, study_id: int, kind: str, language: str, text: str, staff_id: int, at: datetime
) -> int | None:
    """Keep a new version; its number, or None if nothing has changed.

    Refusal: "paragraph-too-long"; "paragraph-changed" if somebody else wrote at the same instant.
    """
    words = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    if len(words) > LONGEST:
        raise Refusal("paragraph-too-long")
    before = latest(session, study_id, kind, language)
    if words == ("" if before is None else before.text):
        return None
    row = Paragraph(
        study_id=study_id,
        kind=kind,
        language=language,
        version=1 if before is None else before.version + 1,
        text=words,
        made_at=at,
        made_by=staff_id,
    )
    if not once.insert(session, row):
        raise Refusal("paragraph-changed")
    return row.version
