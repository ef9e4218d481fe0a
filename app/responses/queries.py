"""The mean course of a study: of one scale, visit by visit, with its confidence interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.participants import limits
from app.participants.models import OccasionRecord, Participant
from app.responses.models import Submission, SubmissionScore
from app.scheduling.protocol import Visit
from app.scoring import summary
from app.studies.models import Arm, Translated
from app.studies.queries import protocols, visits_of

MONTH_DAYS = 30.4375

Values = dict[tuple[str | None, str], list[float]]  # (arm, visit) -> the score of each person


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit of a mean course: its titles, its place on the axis, and the mean of ``n`` people with its interval.

    ``mean`` is None where nobody has a score, ``low`` and ``high`` where fewer than two have.
    """

    visit: str
    titles: Translated
    position: float
    n: int
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """A mean course: of one arm (its key and titles), or of everybody, or of those without an arm (None and {})."""

    arm: str | None
    titles: Translated
    stops: tuple[Stop, ...]

    @property
    def has_answers(self) -> bool:
        """Whether there is any mean in it."""
        return any(stop.n for stop in self.stops)


def mean_course(
    session: Session,
    study_id: int,
    instrument: str,
    scale: str,
    *,
    by_arm: bool = False,
    site_ids: tuple[int, ...] | None = None,
) -> tuple[Course, ...]:
    """The mean of a scale at each visit that asks for the instrument, with its 95 % confidence interval.

    Whose answers must not be used, by a withdrawal or a request by law, is left out.

    The numbers are the scale's own, 0 to 100, not turned to make higher better. A course has every visit in the order
    of the newest protocol, with n = 0 where nobody has a score; of a visit that recurs, the first time counts. The
    position is the offset in months where all visits hang on one event, else 0, 1, 2 ... in their order. There is one
    course of everybody or, ``by_arm``, one for each arm by its key and one of the people without an arm, if any have
    a score. ``site_ids`` counts the people of these sites only.

    **Nothing is hidden here**: what leaves the study's team must hide small groups itself. Two or three statements.
    """
    every_visit = visits_of(protocols(session, study_id).values())
    visits = [visit for visit in every_visit if instrument in visit.every_instrument]
    values = _values(session, study_id, (instrument, scale), site_ids, by_arm)
    groups: dict[str | None, Translated] = {}
    if by_arm:
        arms = session.scalars(select(Arm).where(Arm.study_id == study_id).order_by(Arm.key))
        groups.update({arm.key: arm.titles for arm in arms})
    if not by_arm or any(arm is None for arm, _visit in values):
        groups[None] = {}
    return tuple(Course(arm, titles, _stops(visits, arm, values)) for arm, titles in groups.items())


def _values(
    session: Session, study_id: int, what: tuple[str, str], site_ids: tuple[int, ...] | None, by_arm: bool
) -> Values:
    instrument, scale = what
    statement = (
        select(Arm.key, OccasionRecord.visit_key, SubmissionScore.value)
        .join(Submission, Submission.id == SubmissionScore.submission_id)
        .join(OccasionRecord, OccasionRecord.id == Submission.occasion_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .outerjoin(Arm, Arm.id == Participant.arm_id)
        .where(
            Participant.study_id == study_id,
            Submission.instrument == instrument,
            SubmissionScore.scale == scale,
            OccasionRecord.iteration == 1,
            limits.IS_USABLE,
        )
    )
    if site_ids is not None:
        statement = statement.where(Participant.site_id.in_(site_ids))
    values: Values = {}
    for arm, visit, value in session.execute(statement):
        if value is not None:  # too few items were answered
            values.setdefault((arm if by_arm else None, visit), []).append(value)
    return values


def _stops(visits: Sequence[Visit], arm: str | None, values: Values) -> tuple[Stop, ...]:
    stops = []
    for visit, position in zip(visits, _positions(visits), strict=True):
        found = summary.mean_course(values.get((arm, visit.key), []))
        stops.append(Stop(visit.key, visit.title, position, found.n, found.mean, found.low, found.high))
    return tuple(stops)


def _positions(visits: Sequence[Visit]) -> list[float]:
    """Months from the event, where one axis of time makes sense for all; two visits never share a place."""
    months = [visit.offset.whole_months + visit.offset.days / MONTH_DAYS for visit in visits]
    if len({visit.event for visit in visits}) > 1 or len(set(months)) < len(months):
        return [float(place) for place in range(len(visits))]
    return months
