"""The rows of a study's data files, one for each completed questionnaire, read as they are needed.

What the columns mean in words is the codebook's business, and how cells are written that of app.exchange.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.participants.models import OccasionRecord, Participant
from app.questionnaires.definition import Instrument
from app.responses.models import Submission, SubmissionScore
from app.studies.models import Arm, Site, Study

ROWS_AT_ONCE = 500

Cell = str | int | float | bool | datetime | None
Row = Sequence[Cell]

KEYS: Mapping[str, InstrumentedAttribute[Any]] = {
    "study": Study.code,
    "site": Site.code,
    "arm": Arm.key,
    "subject_code": Participant.subject_code,
    "visit": OccasionRecord.visit_key,
    "iteration": OccasionRecord.iteration,
    "instrument": Submission.instrument,
    "instrument_hash": Submission.instrument_hash,
    "wording_version": Submission.wording_version,
    "language": Submission.language,
    "protocol_version": Submission.protocol_version,
    "scoring_version": Submission.scoring_version,
    "made_available": OccasionRecord.made_available_at,
    "opened": OccasionRecord.opened_at,
    "started": OccasionRecord.started_at,
    "submitted": Submission.submitted_at,
    "late": Submission.late,
}
"""The columns that both files begin with, and where each comes from."""

DECLINED = "declined_items"
COUNTED = "_answered"


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file is made of: one instrument of one study, at all sites or only at some."""

    study_id: int
    instrument: Instrument
    site_ids: tuple[int, ...] | None = None


def answer_columns(instrument: Instrument) -> tuple[str, ...]:
    """The header of ``answers``."""
    return (*KEYS, *instrument.order, DECLINED)


def score_columns(instrument: Instrument) -> tuple[str, ...]:
    """The header of ``scores``: each scale with the number of its items that were answered."""
    return (*KEYS, *(column for scale in instrument.scales for column in (scale, f"{scale}{COUNTED}")))


def answers(session: Session, extract: Extract) -> Iterator[Row]:
    """The header, then one row a submission, by subject code and time of sending; a few hundred in memory at once.

    An item left out on purpose is an empty cell and named in ``declined_items``; an empty cell that is not named there
    was not asked.
    """
    yield answer_columns(extract.instrument)
    items = extract.instrument.order
    statement = _of(extract, select(*KEYS.values(), Submission.answers))
    for *keys, given in session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
        declined = " ".join(item for item in items if item in given and given[item] is None)
        yield (*keys, *(given.get(item) for item in items), declined)


def scores(session: Session, extract: Extract) -> Iterator[Row]:
    """The header, then one row a submission, as in ``answers``; a score that was not computed is an empty cell."""
    yield score_columns(extract.instrument)
    scored = (Submission.id, SubmissionScore.scale, SubmissionScore.value, SubmissionScore.answered)
    statement = _of(extract, select(*KEYS.values(), *scored)).outerjoin(
        SubmissionScore, SubmissionScore.submission_id == Submission.id
    )
    rows = session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
    place = len(KEYS)
    for _id, group in groupby(rows, key=lambda row: row[place]):
        found = list(group)
        values = {scale: (value, answered) for *_keys, scale, value, answered in found}
        computed = (cell for scale in extract.instrument.scales for cell in values.get(scale, (None, None)))
        yield (*found[0][:place], *computed)


def _of(extract: Extract, columns: Select[Any]) -> Select[Any]:
    """From the submissions of the extract, in an order that never splits one of them."""
    statement = (
        columns.select_from(Submission)
        .join(OccasionRecord, OccasionRecord.id == Submission.occasion_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .join(Study, Study.id == Participant.study_id)
        .join(Site, Site.id == Participant.site_id)
        .outerjoin(Arm, Arm.id == Participant.arm_id)
        .where(Participant.study_id == extract.study_id, Submission.instrument == extract.instrument.key)
        .order_by(Participant.subject_code, Submission.submitted_at, Submission.id)
    )
    return statement if extract.site_ids is None else statement.where(Participant.site_id.in_(extract.site_ids))
