"""Visits that are unanswered so late that their protocol has staff told: each is raised once, when it is looked at."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.notices import matters
from app.participants.agenda import Planned
from app.participants.models import Participant
from app.scheduling import reminders
from app.scheduling.participation import Stopped


def raise_due(session: Session, participant: Participant, visits: Sequence[Planned], at: datetime) -> None:
    """Keep what staff should know by now of a participant's visits."""
    for visit in visits:
        rule, record = visit.occasion.visit.escalation, visit.record
        asked_until = visit.course.known.ends(Stopped.ASKING)
        is_late = record is not None and reminders.is_for_staff(visit.occasion, visit.facts, asked_until, at)
        if rule is not None and record is not None and is_late:
            matters.raise_once(session, participant, matters.UNANSWERED, str(record.id), at, rule.to)
