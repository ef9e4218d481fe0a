"""A questionnaire that was filled in on paper is entered later: it counts on the day on which it was answered."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.participants import agenda
from app.participants.agenda import Planned
from app.participants.models import OccasionRecord
from app.responses import sheets
from app.responses.sheets import OpenSheet
from app.scheduling.local_time import instant_among
from app.scheduling.timeline import Occasion


def begin(session: Session, visit: Planned, answered_on: date, language: str, at: datetime) -> list[OpenSheet]:
    """The sheets of a visit, one an instrument, ready for ``collect.save`` and ``collect.submit``.

    ``answered_on`` is the day written on the form, where the participant lives; whether it was in time and late is
    judged by it, while every instant of the entering stays what it is. Refusal ``answered-outside-window`` for a day
    that is still to come or on which the visit was not open. Say in the audit trail who entered it.
    """
    answered_at = counts_at(visit.occasion, answered_on)
    if answered_at > at:
        raise Refusal("answered-outside-window")
    record = _record(session, visit)
    opened = []
    for sheet in sheets.open_all(session, record, visit.occasion.instruments, language, at):
        one = sheets.find_owned(session, sheet.key, visit.participant.account_pseudonym)
        if one is None:
            raise LookupError("the sheet that was just opened")
        opened.append(replace(one, answered_at=answered_at))
    if not any(one.submission is not None or one.is_answerable(at) for one in opened):
        raise Refusal("answered-outside-window")
    return opened


def counts_at(occasion: Occasion, answered_on: date) -> datetime:
    """The instant as which a day counts: its beginning where the participant lives, or the visit's opening on it."""
    first, last = (instant_among(answered_on, hour, occasion.stays) for hour in (0, 24))
    return occasion.opens if first < occasion.opens < last else first


def _record(session: Session, visit: Planned) -> OccasionRecord:
    """The stored occasion, also of a visit nobody looked at while it was open."""
    if visit.record is not None:
        return visit.record
    record = agenda.new_record(visit.course, visit.occasion.key)
    if once.insert(session, record):
        return record
    where = {"participant_id": record.participant_id, "visit_key": record.visit_key, "iteration": record.iteration}
    return session.scalars(select(OccasionRecord).filter_by(**where)).one()
