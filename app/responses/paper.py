"""A questionnaire that was filled in on paper is entered later: it counts on the day on which it was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.participants import agenda
from app.participants.agenda import Planned
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.answers import BLANK, Said
from app.responses import collect, revisions, sheets
from app.responses.models import AnswerSheet, Submission
from app.responses.revisions import Revision
from app.responses.sheets import NOT_SAID, Asking, OpenSheet
from app.scheduling.local_time import instant_among
from app.scheduling.status import State
from app.scheduling.timeline import Occasion

ENTERABLE = frozenset({State.OPEN, State.STARTED, State.OVERDUE, State.EXPIRED, State.WITHDRAWN})
"""Where a form from paper may still come in; that of a person who has left counts if it was answered before."""


@dataclass(frozen=True, slots=True)
class Form:
    """What stands on top of a form: the day on which it was answered, its language, and who enters it."""

    answered_on: date
    language: str
    by: str


def begin(
    session: Session, visit: Planned, form: Form, at: datetime, asking: Mapping[str, Asking] = NOT_SAID
) -> list[OpenSheet]:
    """The sheets of a visit, one an instrument, ready for ``collect.save`` and ``collect.submit``.

    The day is that where the participant lives; whether it was in time and late is judged by it, while every instant of
    the entering stays what it is. ``asking``: as for ``sheets.open_all``. What was sent before stays as it is; the rest
    takes no answers of the participant's own any more, until it is sent or given up. Refusals: ``already-answered``
    where everything is sent; ``answered-outside-window`` for a day that is still to come or on which the visit was not
    open. Say in the audit trail who entered it.
    """
    answered_at = counts_at(visit.occasion, form.answered_on)
    if answered_at > at:
        raise Refusal("answered-outside-window")
    record = _record(session, visit)
    opened = []
    for sheet in sheets.open_all(session, record, visit.occasion.instruments, form.language, at, asking):
        one = sheets.find_owned(session, sheet.key, visit.participant.account_pseudonym)
        if one is None:
            raise LookupError("the sheet that was just opened")
        opened.append(replace(one, answered_at=answered_at))
    to_enter = [one for one in opened if one.submission is None]
    if not to_enter:
        raise Refusal("already-answered")
    if not any(one.is_answerable(at) for one in to_enter):
        raise Refusal("answered-outside-window")
    for one in to_enter:
        one.sheet.answered_on, one.sheet.entered_by = form.answered_on, form.by
        one.sheet.language = _language(one.sheet, form.language)
    session.flush()
    return opened


def find(session: Session, key: str, participant: Participant, *, lock: bool = False) -> OpenSheet | None:
    """The participant's sheet of that key while, and after, it is entered from paper; None for any other."""
    found = sheets.find_owned(session, key, participant.account_pseudonym, lock=lock)
    if found is None or found.participant.id != participant.id or found.sheet.answered_on is None:
        return None
    if found.occasion is None:
        return found
    return replace(found, answered_at=counts_at(found.occasion, found.sheet.answered_on))


def waiting(session: Session, record: OccasionRecord) -> list[AnswerSheet]:
    """The sheets of a visit that are begun and not sent, in the order in which they were begun."""
    sent = select(Submission.sheet_id).where(Submission.occasion_id == record.id)
    not_sent = select(AnswerSheet).where(AnswerSheet.occasion_id == record.id, AnswerSheet.id.not_in(sent))
    return list(session.scalars(not_sent.order_by(AnswerSheet.id)))


def answers_of_ones_own(session: Session, visit: Planned) -> int:
    """How many answers the participant gave here to what is not sent yet: a form that is entered goes before them."""
    if visit.record is None:
        return 0
    histories = [revisions.of_sheet(session, one.id) for one in waiting(session, visit.record)]
    last = [rows[-1] for history in histories for rows in history.values()]
    return sum(not row.is_from_paper and row.answer is not BLANK for row in last)


def give_up(session: Session, opened: OpenSheet, request_id: str, at: datetime) -> None:
    """Take back what was entered so far: the participant's own answers count again, and may be given here again.

    What was entered stays in the history. Refusal ``already-sent``.
    """
    if opened.submission is not None:
        raise Refusal("already-sent")
    history = revisions.of_sheet(session, opened.sheet.id)
    entered = {item: rows for item, rows in history.items() if rows[-1].is_from_paper}
    if entered:
        again = ((item, _last_own(rows), len(rows)) for item, rows in entered.items())
        own = replace(opened, answered_at=None)
        revisions.append(session, own, history, again, (request_id, at, opened.sheet.language))
    opened.sheet.answered_on = opened.sheet.entered_by = None
    of_visit = sheets.of_visit(session, opened.record).values()
    if not any(collect.in_force(collect.current_answers(session, one.id)) for one in of_visit):
        opened.record.started_at = None  # it told of the entering
    session.flush()


def counts_at(occasion: Occasion, answered_on: date) -> datetime:
    """The instant as which a day counts: its beginning where the participant lives, or the visit's opening on it."""
    first, last = (instant_among(answered_on, hour, occasion.stays) for hour in (0, 24))
    return occasion.opens if first < occasion.opens < last else first


def _last_own(rows: Sequence[Revision]) -> Said:
    return next((row.answer for row in reversed(rows) if not row.is_from_paper), BLANK)


def _language(sheet: AnswerSheet, wanted: str) -> str:
    """The language of the form where the sheet was begun with a wording in it."""
    return wanted if not sheet.wordings or wanted in sheet.wordings else sheet.language


def _record(session: Session, visit: Planned) -> OccasionRecord:
    """The stored occasion, also of a visit nobody looked at while it was open."""
    if visit.record is not None:
        return visit.record
    record = agenda.new_record(visit.course, visit.occasion.key)
    if once.insert(session, record):
        return record
    where = {"participant_id": record.participant_id, "visit_key": record.visit_key, "iteration": record.iteration}
    return session.scalars(select(OccasionRecord).filter_by(**where)).one()
