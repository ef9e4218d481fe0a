"""What a study knows about a participant and its questionnaires use; nothing here tells who somebody is."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.participants.models import Participant, ParticipantFact
from app.studies.models import Arm

ARM = "arm"

_FACTS = (
    select(Arm.key, ParticipantFact.key, ParticipantFact.value, ParticipantFact.on)
    .select_from(Participant)
    .outerjoin(Arm, Arm.id == Participant.arm_id)
    .outerjoin(ParticipantFact, ParticipantFact.participant_id == Participant.id)
    .where(Participant.id == bindparam("participant"))
    .order_by(ParticipantFact.id)
)


def record(
    session: Session,
    participant: Participant,
    key: str,
    value: float | str | None,
    at: datetime,
    by: str,
    on: date | None = None,
) -> None:
    """Write down a word or a number that is true from a day ``on`` (None: it always was); None: not known after all.

    What was known before stays in the table. The day is one where the participant lives, and not still to come.
    """
    session.add(
        ParticipantFact(participant_id=participant.id, key=key, value=value, on=on, recorded_at=at, recorded_by=by)
    )
    session.flush()


def of(session: Session, participant: Participant, on: date | None = None) -> Mapping[str, float | str]:
    """What was true on a day (None: what is true now), and the participant's group of today as ``arm``; one statement.

    Of each fact the value with the latest day counts, and of one day the last one recorded.
    """
    known: dict[str, float | str] = {}
    counts: dict[str, tuple[date, float | str | None]] = {}
    for arm, key, value, since in session.execute(_FACTS, {"participant": participant.id}):
        if arm is not None:
            known[ARM] = arm
        day = since or date.min
        if key is not None and (on is None or day <= on) and day >= counts.get(key, (date.min, None))[0]:
            counts[key] = (day, value)
    return known | {key: value for key, (_day, value) in counts.items() if value is not None}


def history(session: Session, participant: Participant) -> dict[str, list[ParticipantFact]]:
    """Everything that was ever recorded of each fact, the last one first; one statement."""
    rows = session.scalars(
        select(ParticipantFact)
        .where(ParticipantFact.participant_id == participant.id)
        .order_by(ParticipantFact.id.desc())
    )
    found: dict[str, list[ParticipantFact]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found
