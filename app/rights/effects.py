"""What a granted request switches off, and back on when it is lifted: one fact about the participant for each.

The facts are made anew from the steps of all requests, so that lifting one leaves what another one still asks for.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.participants.models import Participant
from app.rights.models import RightRequest, RightStep

CONTACT, USE = "contact", "use"
COLUMNS: Final[Mapping[str, str]] = {CONTACT: "contact_stopped_at", USE: "use_restricted_at"}
"""Each effect and the fact about the participant that app/participants/limits.py reads."""
OFFERED: Final[Mapping[str, tuple[str, ...]]] = {"objection": (CONTACT, USE), "restriction": (USE,)}
"""What a request of that kind can switch off: an objection (article 21) what it objects to, a restriction the use."""
WITHOUT: Final = frozenset({"objection"})
"""Kinds that can be granted in words alone, because what is objected to may be none of the effects."""


def possible(kind: str) -> frozenset[str | None]:
    """The effects with which a request of that kind can be granted; None: without any."""
    offered: frozenset[str | None] = frozenset(OFFERED.get(kind, ()))
    return offered if kind in OFFERED and kind not in WITHOUT else offered | {None}


def renew(session: Session, participant: Participant, at: datetime) -> None:
    """Set the facts of a participant to what the granted requests ask for; messages are looked at again."""
    last = (
        select(func.max(RightStep.id))
        .join(RightRequest, RightRequest.id == RightStep.request_id)
        .where(RightRequest.participant_id == participant.id)
        .group_by(RightStep.request_id)
    )
    in_force: dict[str, datetime] = {}
    for step in session.scalars(select(RightStep).where(RightStep.id.in_(last))):
        if step.effect is not None:
            in_force[step.effect] = min(step.at, in_force.get(step.effect, step.at))
    before = {column: getattr(participant, column) for column in COLUMNS.values()}
    after = {column: in_force.get(effect) for effect, column in COLUMNS.items()}
    if before != after:
        for column, moment in after.items():
            setattr(participant, column, moment)
        if participant.asked_until is None:
            participant.next_look_at = at
    session.flush()
