"""A sheet becomes a submission: what was asked, what was skipped, what decided, and the scores, as they are now."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db import table
from app.errors import Refusal
from app.questionnaires import routing
from app.questionnaires.answers import DECLINED, Answers, AnswerValue, Declined, given
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Known
from app.questionnaires.wording import Wording
from app.responses import knowledge
from app.responses.knowledge import Ready
from app.responses.models import Frozen, Submission, SubmissionScore
from app.responses.sheets import OpenSheet
from app.scoring.adaptive_test import course
from app.scoring.known import known_of
from app.scoring.score import SCORING_VERSION, Facts, score_one

_ADD_SCORES = insert(table(SubmissionScore))
_OF_A_SCORE = ("scale", "value", "answered", "of", "needed")


def freeze(
    session: Session,
    opened: OpenSheet,
    instrument: Instrument,
    read: tuple[str, Wording],
    answers: Answers,
    request: tuple[str, datetime],
) -> Submission:
    """The submission with its scores; ``read`` is the definition's hash and the wording, ``request`` name and instant.

    A form from paper says what it says: what is required may be blank on it, and what is not plausible is kept.
    Refusals: ``not-complete``, ``not-plausible``.
    """
    (instrument_hash, wording), (request_id, at) = read, request
    ready = knowledge.ready(instrument, instrument_hash)
    facts = knowledge.facts_for(session, opened.participant, instrument, opened.paper_day)
    known = known_of(ready.plan, ready.test, facts)
    _refuse_unless_ready(instrument, answers, known, is_from_paper=opened.answered_at is not None)
    asked = routing.asked(instrument, answers, known)
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
        answers={item: _frozen(answers[item]) for item in asked},
        skipped=list(routing.skipped(instrument, answers, known)),
        facts=dict(facts),
        course=_course(ready, answers),
        submitted_at=at,
        answered_at=opened.answered_at,
        entered_by=opened.sheet.entered_by if opened.answered_at is not None else None,
        unread=None if opened.answered_at is None else _unread(answers, asked),
        late=_is_late(opened, opened.answered_at or at),
        request_id=request_id,
    )
    session.add(submission)
    session.flush()
    counted = routing.with_skipped(instrument, answers, known)
    if rows := _scores(submission.id, ready, counted, facts):
        session.execute(_ADD_SCORES, rows)
    return submission


def _is_late(opened: OpenSheet, at: datetime) -> bool:
    occasion = opened.occasion
    return occasion is not None and occasion.visit.late_answers == "labelled" and at >= occasion.due


def _refuse_unless_ready(instrument: Instrument, answers: Answers, known: Known, *, is_from_paper: bool) -> None:
    asked = routing.asked(instrument, answers, known)
    if any(item not in answers for item in asked):
        raise Refusal("not-complete")
    if any(instrument.items[item].required and answers[item] is DECLINED for item in asked):
        raise Refusal("not-complete")
    if not is_from_paper and any(check.level == "hard" for check in routing.objections(instrument, answers, known)):
        raise Refusal("not-plausible")


def _scores(submission_id: int, ready: Ready, counted: Answers, facts: Facts) -> list[dict[str, object]]:
    scored = {item: value for item, value in given(counted).items() if item in ready.plan.items}
    return [
        {"submission_id": submission_id, **{name: getattr(score, name) for name in _OF_A_SCORE}}
        for score in score_one(ready.plan, scored, facts)
    ]


def _course(ready: Ready, answers: Answers) -> list[dict[str, object]] | None:
    """Each item of an adaptive test in the order asked, with what was known before it; last, why the test stopped."""
    if ready.test is None:
        return None
    return [
        {"item": step.item, "stopped": step.reason, "theta": step.theta, "error": step.error, "answered": step.answered}
        for step in course(ready.test, answers)
    ]


def _unread(answers: Answers, asked: Iterable[ItemId]) -> dict[str, str]:
    """Why items have no answer on paper, where that is all that is known."""
    without = {item: answers[item] for item in asked}
    return {item: one.value for item, one in without.items() if isinstance(one, Declined) and one is not DECLINED}


def _frozen(answer: AnswerValue) -> Frozen:
    if isinstance(answer, Declined):
        return None
    return list(answer) if isinstance(answer, tuple) else answer
