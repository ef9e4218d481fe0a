"""The record that the messages of a study were sent to somebody of the team and read, before patients get them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.studies.models import NoticeTest

Tested = tuple[str, str, str]  # kind, channel, language


def of_study(session: Session, study_id: int) -> dict[Tested, NoticeTest]:
    """Every test on record, by what was tested."""
    rows = session.scalars(select(NoticeTest).where(NoticeTest.study_id == study_id))
    return {(row.kind, row.channel, row.language): row for row in rows}


def record(session: Session, study_id: int, tested: Iterable[Tested], staff_id: int, at: datetime) -> int:
    """Write down that these messages were read; how many were not on record before. The first reader stays named."""
    fresh = 0
    for kind, channel, language in tested:
        row = NoticeTest(
            study_id=study_id, kind=kind, channel=channel, language=language, tested_at=at, tested_by=staff_id
        )
        fresh += once.insert(session, row)
    return fresh
