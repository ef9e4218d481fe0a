"""What a person has sent over time: every submission with its scores, as they were frozen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord, Participant
from app.questionnaires.elements import ScaleId
from app.responses.models import Submission, SubmissionScore
from app.scheduling.protocol import Protocol
from app.scoring.score import Score
from app.studies.models import ProtocolVersion, Study, Translated
from app.studies.protocols import parsed

_COUNTS_AT = func.coalesce(Submission.answered_at, Submission.submitted_at)
_OF_A_SENT = (
    *("participant_id", "occasion_key", "visit_key", "iteration", "instrument", "language"),
    *("submitted_at", "late", "entered_at", "entered_by"),
)
_ENTERED_AT = case((Submission.answered_at.is_not(None), Submission.submitted_at))


@dataclass(frozen=True, slots=True)
class Sent:
    """One completed questionnaire; ``scores`` in the order of the instrument's scales, computed or not.

    ``submitted_at`` is when it counts: of a form that came in on paper, when it had been filled in. Of such a form
    there is also when it was entered, ``entered_at``, and by whom.
    """

    participant_id: int
    occasion_key: str
    visit_key: str
    iteration: int
    instrument: str
    language: str
    submitted_at: datetime
    late: bool
    entered_at: datetime | None
    entered_by: str | None
    scores: Mapping[ScaleId, Score]


@dataclass(frozen=True, slots=True)
class History:
    """What one participant has sent, the oldest first, with what is needed to name it: study, protocol, time zone."""

    participant_id: int
    study_code: str
    study_titles: Translated
    protocol: Protocol
    zone: ZoneInfo
    sent: tuple[Sent, ...]

    @property
    def instruments(self) -> tuple[str, ...]:
        """The keys of the instruments that were sent, each once, the first sent first."""
        return tuple(dict.fromkeys(sent.instrument for sent in self.sent))

    def course(self, instrument: str, scale: str) -> tuple[tuple[Sent, Score], ...]:
        """One scale over time, the oldest first; a score that was not computed is there with its reason."""
        return course(self.sent, instrument, scale)

    def day(self, sent: Sent) -> date:
        """The day on which it was sent where the participant lives."""
        return sent.submitted_at.astimezone(self.zone).date()

    def visit_titles(self, sent: Sent) -> Translated:
        """What the visit is called; its key where today's protocol does not have it any more."""
        titles = {visit.key: visit.title for visit in self.protocol.visits}
        return titles.get(sent.visit_key, {"": sent.visit_key})  # type: ignore[call-overload, no-any-return]


def series(session: Session, account_pseudonym: str) -> tuple[History, ...]:
    """Everything an account has sent, by participant (one for each of its studies); two statements.

    A participant who has sent nothing yet is there, with nothing.
    """
    mine = Participant.account_pseudonym == account_pseudonym
    rows = session.execute(
        select(Participant.id, Participant.time_zone, Study.code, Study.titles, ProtocolVersion.document)
        .join(Study, Study.id == Participant.study_id)
        .join(ProtocolVersion, ProtocolVersion.id == Participant.protocol_version_id)
        .where(mine)
        .order_by(Participant.enrolled_at, Participant.id)
    ).all()
    sent: dict[int, list[Sent]] = {}
    for one in _sent(session, mine):
        sent.setdefault(one.participant_id, []).append(one)
    return tuple(
        History(id, code, titles, parsed(document), ZoneInfo(zone), tuple(sent.get(id, ())))
        for id, zone, code, titles, document in rows
    )


def of_participant(session: Session, participant_id: int) -> tuple[Sent, ...]:
    """Everything one participant has sent, the oldest first; one statement."""
    return tuple(_sent(session, Participant.id == participant_id))


def course(sent: Sequence[Sent], instrument: str, scale: str) -> tuple[tuple[Sent, Score], ...]:
    """One scale of what was sent, in the same order."""
    key = ScaleId(scale)
    return tuple((one, one.scores[key]) for one in sent if one.instrument == instrument and key in one.scores)


def _sent(session: Session, condition: ColumnElement[bool]) -> Iterator[Sent]:
    """One row a scale comes back; the answers themselves stay in the database."""
    statement = (
        select(
            Submission.id,
            Participant.id.label("participant_id"),
            OccasionRecord.key.label("occasion_key"),
            OccasionRecord.visit_key,
            OccasionRecord.iteration,
            Submission.instrument,
            Submission.language,
            _COUNTS_AT.label("submitted_at"),
            Submission.late,
            _ENTERED_AT.label("entered_at"),
            Submission.entered_by,
            SubmissionScore.scale,
            SubmissionScore.value,
            SubmissionScore.answered,
            SubmissionScore.of,
            SubmissionScore.needed,
        )
        .join(OccasionRecord, OccasionRecord.id == Submission.occasion_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .outerjoin(SubmissionScore, SubmissionScore.submission_id == Submission.id)
        .where(condition)
        .order_by(_COUNTS_AT, Submission.id, SubmissionScore.id)
    )
    for _id, rows in groupby(session.execute(statement), key=lambda row: row[0]):
        scored = list(rows)
        first = scored[0]
        yield Sent(
            **{name: getattr(first, name) for name in _OF_A_SENT},
            scores={
                ScaleId(row.scale): Score(ScaleId(row.scale), row.value, row.answered, row.of, row.needed)
                for row in scored
                if row.scale is not None
            },
        )
