"""What a study knows about a participant and its questionnaires use; nothing here tells who somebody is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.participants.models import Participant, ParticipantFact
from app.studies.models import Arm

ARM = "arm"

_FACTS = (
    select(ParticipantFact.key, ParticipantFact.value)
    .where(ParticipantFact.participant_id == bindparam("participant"))
    .order_by(ParticipantFact.id)
)
_ARM = select(Arm.key).where(Arm.id == bindparam("arm"))


def record(session: Session, participant: Participant, key: str, value: float | str, at: datetime, by: str) -> None:
    """Write down a word or a number; what was known before stays in the table."""
    session.add(ParticipantFact(participant_id=participant.id, key=key, value=value, recorded_at=at, recorded_by=by))
    session.flush()


def of(session: Session, participant: Participant) -> Mapping[str, float | str]:
    """The last recorded value of each fact, and the participant's group as ``arm``; two statements at most."""
    known: dict[str, float | str] = {}
    for key, value in session.execute(_FACTS, {"participant": participant.id}):
        known[key] = value
    if participant.arm_id is not None and (arm := session.scalar(_ARM, {"arm": participant.arm_id})):
        known[ARM] = arm
    return known
