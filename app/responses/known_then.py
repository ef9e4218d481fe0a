"""With which facts a participant's questionnaires were sent; they keep them, whatever is learnt later."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord
from app.responses.models import Submission


def sent_with_another(
    session: Session, participant_id: int, instruments: Collection[str], fact: str, value: float | str | None
) -> int:
    """How many questionnaires of these instruments were sent while another value, or none, was known; one statement."""
    statement = (
        select(Submission.facts)
        .join(OccasionRecord, OccasionRecord.id == Submission.occasion_id)
        .where(OccasionRecord.participant_id == participant_id, Submission.instrument.in_(instruments))
    )
    return sum((facts or {}).get(fact) != value for facts in session.scalars(statement))
