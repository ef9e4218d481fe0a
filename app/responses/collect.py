"""Answers come in and are kept: appended row by row, never changed, frozen with their scores when they are sent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.orm import Session

from app.db import table
from app.errors import Refusal
from app.questionnaires import routing
from app.questionnaires.answers import DECLINED, AnswerValue
from app.questionnaires.answers import given as answers_given
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.wording import Wording
from app.responses.models import Answer, Submission, SubmissionScore
from app.responses.sheets import OpenSheet
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import SCORING_VERSION, score_one

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

# Asked by every save and every page, so built once and on plain columns: building a statement takes longer than
# running it, and no answer is ever changed, so none needs to be an object that is watched for changes.
_TABLE = table(Answer)
_COLUMNS = (_TABLE.c.item, _TABLE.c.revision, _TABLE.c.seen, _TABLE.c.value, _TABLE.c.request_id)
_ANSWERS = select(*_COLUMNS).where(_TABLE.c.sheet_id == bindparam("sheet")).order_by(_TABLE.c.revision)
_ANSWERS_TO = _ANSWERS.where(_TABLE.c.item.in_(bindparam("items", expanding=True)))
_ADD = insert(_TABLE)
_ADD_SCORES = insert(table(SubmissionScore))
_OF_A_SCORE = ("scale", "value", "answered", "of", "needed")
_PLANS: dict[str, Plan] = {}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a browser sends it, with the revision that the browser had seen before (0: none).

    ``is_old``: the browser kept it while it could not be sent, so anything newer goes before it.
    """

    item: ItemId
    answer: AnswerValue
    seen: int
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as stored. ``is_conflict``: somebody had changed it meanwhile; both are in the history."""

    item: ItemId
    answer: AnswerValue
    revision: int
    is_conflict: bool


class SavedPage(NamedTuple):
    """What was stored of a page, and all answers of the sheet as they are now: they decide what is asked next."""

    saved: list[Kept]
    answers: dict[ItemId, AnswerValue]


class _Revision(NamedTuple):
    """One row of an item's history, as far as it decides anything."""

    item: ItemId
    revision: int
    seen: int
    value: int | None
    request_id: str


_History: TypeAlias = dict[ItemId, list[_Revision]]


def current_answers(session: Session, sheet_id: int) -> dict[ItemId, Kept]:
    """The last revision of every answered item; one statement."""
    history = _by_item(session.execute(_ANSWERS, {"sheet": sheet_id}))
    return {item: _kept(revisions[-1], revisions) for item, revisions in history.items()}


def save(
    session: Session, opened: OpenSheet, given: Sequence[Given], request_id: str, at: datetime, language: str
) -> list[Kept]:
    """Append answers, all of one request in one transaction; what is stored comes back.

    The same request again changes nothing and gets the same answer; under its name nothing else can be saved. Refusals:
    ``bad-request-id``, ``already-sent``, ``closed``, ``answered-elsewhere``. Two statements, whatever the number of
    items.
    """
    if not REQUEST_ID.fullmatch(request_id):
        raise Refusal("bad-request-id")
    history = _history(session, opened.sheet.id, [one.item for one in given])
    if repeated := _repeated(history, given, request_id):
        return repeated
    refuse_unless_open(opened, at)
    if any(one.is_old and len(history.get(one.item, [])) > one.seen for one in given):
        raise Refusal("answered-elsewhere")
    return _append(session, opened, history, given, (request_id, at, language))


def save_page(
    session: Session, opened: OpenSheet, given: Sequence[Given], request_id: str, at: datetime, language: str
) -> SavedPage:
    """Append, of a whole page, only what its reader changed since the page was made and what is not stored already.

    Without this, an old tab would overwrite with its old answers what was changed elsewhere since, and a page that is
    sent twice would be stored twice. Refusals: ``already-sent``, ``closed``. Two statements at most.
    """
    refuse_unless_open(opened, at)
    history = _by_item(session.execute(_ANSWERS, {"sheet": opened.sheet.id}))
    answers = {item: _answer(revisions[-1]) for item, revisions in history.items()}
    changed = [one for one in given if one.answer not in _seen_and_latest(history.get(one.item, []), one.seen)]
    saved = _append(session, opened, history, changed, (request_id, at, language)) if changed else []
    return SavedPage(saved, answers | {one.item: one.answer for one in saved})


def submit(
    session: Session,
    opened: OpenSheet,
    instrument: Instrument,
    instrument_hash: str,
    wording: Wording,
    request_id: str,
    at: datetime,
) -> Submission:
    """Freeze the sheet: answers, scores and versions, once.

    Every item must be answered or left out on purpose (``not-complete``). A repeat of the same request gets the same
    submission; another one is refused (``already-sent``).
    """
    if opened.submission is not None and opened.submission.request_id == request_id:
        return opened.submission
    refuse_unless_open(opened, at)
    answers = current_answers(session, opened.sheet.id)
    given = {item: kept.answer for item, kept in answers.items()}
    if routing.unanswered(instrument, given):
        raise Refusal("not-complete")
    values: dict[str, int | None] = {item: _value(given[item]) for item in routing.asked(instrument, given)}
    submission = Submission(
        sheet_id=opened.sheet.id,
        occasion_id=opened.record.id,
        instrument=instrument.key,
        instrument_hash=instrument_hash,
        language=wording.language,
        wording_version=wording.wording_version,
        wording_hash=wording.content_hash,
        scoring_version=SCORING_VERSION,
        protocol_version=opened.protocol_version,
        answers=values,
        submitted_at=at,
        answered_at=opened.answered_at,
        late=_is_late(opened, opened.answered_at or at),
        request_id=request_id,
    )
    session.add(submission)
    session.flush()
    scored = answers_given(routing.with_skipped(instrument, given))
    if rows := _scores(submission.id, _plan(instrument, instrument_hash), scored):
        session.execute(_ADD_SCORES, rows)
    return submission


def _is_late(opened: OpenSheet, at: datetime) -> bool:
    occasion = opened.occasion
    return occasion is not None and occasion.visit.late_answers == "labelled" and at >= occasion.due


def refuse_unless_open(opened: OpenSheet, at: datetime) -> None:
    """Say why a sheet takes no answers: it was sent, or its visit is closed."""
    if opened.submission is not None:
        raise Refusal("already-sent")
    if not opened.is_answerable(at):
        raise Refusal("closed")


def _plan(instrument: Instrument, instrument_hash: str) -> Plan:
    """How the instrument is scored; worked out once per process for each content."""
    if instrument_hash not in _PLANS:
        _PLANS[instrument_hash] = compile_plan(instrument)
    return _PLANS[instrument_hash]


def _scores(submission_id: int, plan: Plan, answers: Mapping[ItemId, int]) -> list[dict[str, object]]:
    """The rows of a submission's scores. No fact about the person is known here: what needs one is not computed."""
    scored = {item: value for item, value in answers.items() if item in plan.items}
    return [
        {"submission_id": submission_id, **{name: getattr(score, name) for name in _OF_A_SCORE}}
        for score in score_one(plan, scored)
    ]


def _history(session: Session, sheet_id: int, items: Sequence[ItemId]) -> _History:
    return _by_item(session.execute(_ANSWERS_TO, {"sheet": sheet_id, "items": items}))


def _by_item(rows: Iterable[Row[Any]]) -> _History:
    """Every revision of each item, oldest first: revision n stands at place n - 1."""
    history: _History = {}
    for row in map(_Revision._make, rows):
        history.setdefault(row.item, []).append(row)
    return history


def _append(
    session: Session,
    opened: OpenSheet,
    history: _History,
    given: Sequence[Given],
    request: tuple[str, datetime, str],
) -> list[Kept]:
    request_id, at, language = request
    added = [
        _Revision(one.item, revision, min(one.seen, revision - 1), _value(one.answer), request_id)
        for one in given
        for revision in [len(history.get(one.item, [])) + 1]
    ]
    if opened.record.started_at is None:
        opened.record.started_at = at
    shared = {"sheet_id": opened.sheet.id, "saved_at": at, "language": language}
    session.execute(_ADD, [{**row._asdict(), "declined": row.value is None, **shared} for row in added])
    return [_kept(row, history.get(row.item, [])) for row in added]


def _repeated(history: _History, given: Sequence[Given], request_id: str) -> list[Kept]:
    """What this very request has stored before, if it has; a name is good for one request."""
    stored = {row.item: _kept(row, rows) for rows in history.values() for row in rows if row.request_id == request_id}
    if stored and {item: kept.answer for item, kept in stored.items()} != {one.item: one.answer for one in given}:
        raise Refusal("bad-request-id")
    return list(stored.values())


def _seen_and_latest(rows: Sequence[_Revision], seen: int) -> list[AnswerValue]:
    return [_answer(row) for row in rows if row.revision in (seen, len(rows))]


def _answer(row: _Revision) -> AnswerValue:
    return DECLINED if row.value is None else row.value


def _kept(row: _Revision, revisions: Sequence[_Revision]) -> Kept:
    """The stored answer; a conflict if the browser had not seen the revision before it, and that one said otherwise."""
    is_unseen = row.seen < row.revision - 1
    is_conflict = is_unseen and _answer(revisions[row.revision - 2]) != _answer(row)
    return Kept(row.item, _answer(row), row.revision, is_conflict)


def _value(answer: AnswerValue) -> int | None:
    return None if answer is DECLINED else answer
