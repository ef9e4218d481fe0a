"""Everything that somebody has sent, answers and scores, one row each: what a participant takes away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord, Participant
from app.responses.models import Frozen, Submission, SubmissionScore
from app.studies.models import Study


@dataclass(frozen=True, slots=True)
class Sent:
    """One completed questionnaire, and where it belongs."""

    study: str
    subject_code: str
    visit: str
    iteration: int
    instrument: str
    language: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """One answer, or one score that was computed from answers. None: left out on purpose, or not computed."""

    sent: Sent
    kind: Literal["answer", "score"]
    name: str
    value: Frozen


def of_account(session: Session, account_pseudonym: str) -> Iterator[Given]:
    """All studies of the account, the oldest first; two statements."""
    mine = (
        select(
            Submission.id,
            Study.code,
            Participant.subject_code,
            OccasionRecord.visit_key,
            OccasionRecord.iteration,
            Submission.instrument,
            Submission.language,
            Submission.submitted_at,
            Submission.answers,
        )
        .join(OccasionRecord, OccasionRecord.id == Submission.occasion_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .join(Study, Study.id == Participant.study_id)
        .where(Participant.account_pseudonym == account_pseudonym)
        .order_by(Submission.submitted_at, Submission.id)
    )
    sent = session.execute(mine).all()
    scores: dict[int, dict[str, Frozen]] = {}
    of_mine = select(SubmissionScore).where(SubmissionScore.submission_id.in_([row[0] for row in sent]))
    for score in session.scalars(of_mine.order_by(SubmissionScore.id)):
        scores.setdefault(score.submission_id, {})[score.scale] = score.value
    for number, study, subject, visit, iteration, instrument, language, at, answers in sent:
        where = Sent(study, subject, visit, iteration, instrument, language, at)
        for name, value in answers.items():
            yield Given(where, "answer", name, value)
        for name, value in scores.get(number, {}).items():
            yield Given(where, "score", name, value)
