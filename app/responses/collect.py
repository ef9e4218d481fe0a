"""Answers come in and are kept: appended row by row, never changed, frozen with their scores when they are sent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.questionnaires import routing
from app.questionnaires.answers import DECLINED, AnswerValue
from app.questionnaires.answers import given as answered
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.wording import Wording
from app.responses.models import Answer, Submission, SubmissionScore
from app.responses.sheets import OpenSheet
from app.scoring.plan import compile_plan
from app.scoring.score import SCORING_VERSION, score_one

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


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


def current_answers(session: Session, sheet_id: int) -> dict[ItemId, Kept]:
    """The last revision of every answered item; one statement."""
    rows = session.scalars(select(Answer).where(Answer.sheet_id == sheet_id).order_by(Answer.revision))
    history = _by_item(rows)
    return {item: _kept(revisions[-1], revisions) for item, revisions in history.items()}


def save(
    session: Session, opened: OpenSheet, given: Sequence[Given], request_id: str, at: datetime, language: str
) -> list[Kept]:
    """Append answers, all of one request in one transaction; what is stored comes back.

    The same request again changes nothing and gets the same answer. Refusals: ``bad-request-id``, ``already-sent``,
    ``closed``, ``answered-elsewhere``. Two statements, whatever the number of items.
    """
    if not REQUEST_ID.fullmatch(request_id):
        raise Refusal("bad-request-id")
    history = _history(session, opened.sheet.id, [one.item for one in given])
    repeated = [_kept(row, rows) for rows in history.values() for row in rows if row.request_id == request_id]
    if repeated:
        return repeated
    refuse_unless_open(opened, at)
    added = []
    for one in given:
        rows = history.get(one.item, [])
        if one.is_old and len(rows) > one.seen:
            raise Refusal("answered-elsewhere")
        added.append(
            Answer(
                sheet_id=opened.sheet.id,
                item=one.item,
                revision=len(rows) + 1,
                seen=min(one.seen, len(rows)),
                value=None if one.answer is DECLINED else one.answer,
                declined=one.answer is DECLINED,
                request_id=request_id,
                saved_at=at,
                language=language,
            )
        )
    opened.record.started_at = opened.record.started_at or at
    session.add_all(added)
    session.flush()
    return [_kept(row, history.get(ItemId(row.item), [])) for row in added]


def changed(session: Session, sheet_id: int, given: Sequence[Given]) -> list[Given]:
    """Of a whole page, only what this page's reader changed since the page was made.

    Without this, an old tab would overwrite with its old answers what was changed elsewhere since.
    """
    history = _history(session, sheet_id, [one.item for one in given])
    return [one for one in given if one.answer != _answer_at(history.get(one.item, []), one.seen)]


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
        late=opened.occasion is not None and at >= opened.occasion.due,
        request_id=request_id,
    )
    session.add(submission)
    session.flush()
    session.add_all(_scores(submission.id, instrument, answered(routing.with_skipped(instrument, given))))
    session.flush()
    return submission


def refuse_unless_open(opened: OpenSheet, at: datetime) -> None:
    """Say why a sheet takes no answers: it was sent, or its visit is closed."""
    if opened.submission is not None:
        raise Refusal("already-sent")
    if not opened.is_answerable(at):
        raise Refusal("closed")


def _scores(submission_id: int, instrument: Instrument, answers: Mapping[ItemId, int]) -> list[SubmissionScore]:
    return [
        SubmissionScore(
            submission_id=submission_id,
            scale=score.scale,
            value=score.value,
            answered=score.answered,
            of=score.of,
            needed=score.needed,
        )
        for score in score_one(compile_plan(instrument), answers)
    ]


def _history(session: Session, sheet_id: int, items: Sequence[ItemId]) -> dict[ItemId, list[Answer]]:
    return _by_item(
        session.scalars(
            select(Answer).where(Answer.sheet_id == sheet_id, Answer.item.in_(items)).order_by(Answer.revision)
        )
    )


def _by_item(rows: Iterable[Answer]) -> dict[ItemId, list[Answer]]:
    """Every revision of each item, oldest first: revision n stands at place n - 1."""
    history: dict[ItemId, list[Answer]] = {}
    for row in rows:
        history.setdefault(ItemId(row.item), []).append(row)
    return history


def _answer_at(rows: Sequence[Answer], revision: int) -> AnswerValue | None:
    return next((_answer(row) for row in rows if row.revision == revision), None)


def _answer(row: Answer) -> AnswerValue:
    return DECLINED if row.value is None else row.value


def _kept(row: Answer, revisions: Sequence[Answer]) -> Kept:
    """The stored answer; a conflict if the browser had not seen the revision before it, and that one said otherwise."""
    is_unseen = row.seen < row.revision - 1
    is_conflict = is_unseen and _answer(revisions[row.revision - 2]) != _answer(row)
    return Kept(ItemId(row.item), _answer(row), row.revision, is_conflict)


def _value(answer: AnswerValue) -> int | None:
    return None if answer is DECLINED else answer
