"""A visit is done when the last of its questionnaires is sent."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord
from app.responses import decisive
from app.responses.models import Submission
from app.responses.sheets import OpenSheet

_SENT = select(func.count()).select_from(Submission).where(Submission.occasion_id == bindparam("occasion"))


def close_if_complete(session: Session, opened: OpenSheet, at: datetime) -> bool:
    """Store that the visit was answered once every instrument of it is sent; True the one time that it happens.

    Whoever waited for the sheet may still hold the visit as it was before, so the row itself decides who was first. The
    schedule is looked at again at once, so that no reminder leaves after it.
    """
    if opened.record.submitted_at is not None or opened.occasion is None:
        return False
    sent = session.scalar(_SENT, {"occasion": opened.record.id})
    if (sent or 0) < len(opened.occasion.instruments):
        return False
    open_still = (OccasionRecord.id == opened.record.id, OccasionRecord.submitted_at.is_(None))
    closed = session.execute(
        update(OccasionRecord)
        .where(*open_still)
        .values(submitted_at=at, answered_at=opened.answered_at, decisive_scores=decisive.scores_of(session, opened))
        .returning(OccasionRecord.id)
    )
    if closed.one_or_none() is None:
        return False
    opened.participant.next_look_at = at
    session.flush()
    return True
