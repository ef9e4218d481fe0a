"""What a study knows about a participant and its questionnaires use; nothing here tells who somebody is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.participants.models import Participant, ParticipantFact
from app.studies.models import Arm

ARM = "arm"

_FACTS = (
    select(Arm.key, ParticipantFact.key, ParticipantFact.value)
    .select_from(Participant)
    .outerjoin(Arm, Arm.id == Participant.arm_id)
    .outerjoin(ParticipantFact, ParticipantFact.participant_id == Participant.id)
    .where(Participant.id == bindparam("participant"))
    .order_by(ParticipantFact.id)
)


def record(session: Session, participant: Participant, key: str, value: float | str, at: datetime, by: str) -> None:
    """Write down a word or a number; what was known before stays in the table."""
    session.add(ParticipantFact(participant_id=participant.id, key=key, value=value, recorded_at=at, recorded_by=by))
    session.flush()


def of(session: Session, participant: Participant) -> Mapping[str, float | str]:
    """The last recorded value of each fact, and the participant's group as ``arm``; one statement."""
    known: dict[str, float | str] = {}
    for arm, key, value in session.execute(_FACTS, {"participant": participant.id}):
        if arm is not None:
            known[ARM] = arm
        if key is not None:
            known[key] = value
    return known
