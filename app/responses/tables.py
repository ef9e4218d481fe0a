"""The rows of a study's data files, one for each completed questionnaire, read as they are needed.

What the columns mean in words is the codebook's business, and how cells are written that of app.exchange.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.participants import limits
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.answers import LEFT_BLANK, UNUSABLE
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Multiple, Ranking
from app.responses.models import AnswerSheet, Frozen, Submission, SubmissionScore
from app.studies.models import Arm, Site, Study

ROWS_AT_ONCE = 500

Cell = str | int | float | bool | date | datetime | None
Row = Sequence[Cell]

ONLINE, PAPER = "online", "paper"
KEYS: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
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
    "mode": case((Submission.answered_at.is_(None), ONLINE), else_=PAPER).label("mode"),
    "answered_on_paper": case((Submission.answered_at.is_not(None), AnswerSheet.answered_on)).label(
        "answered_on_paper"
    ),
}
"""The columns that both files begin with, and where each comes from; what ``Extract.beside`` names comes after them."""

DECLINED, SKIPPED, NOT_SEEN = "declined_items", "skipped_items", "not_seen_items"
BLANK, UNUSED = "blank_on_paper_items", "unusable_on_paper_items"
ASKED = "asked_in_order"
COUNTED = "_answered"


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file is made of: one instrument of one study, at all sites or only at some.

    ``beside``: further columns about the participant of each row, and where each comes from.
    """

    study_id: int
    instrument: Instrument
    site_ids: tuple[int, ...] | None = None
    beside: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]]:
        """The columns that both files of it begin with."""
        return {**KEYS, **self.beside}


def answer_columns(extract: Extract) -> tuple[str, ...]:
    """The header of ``answers``; an item that is answered with several options has a column for each of them."""
    instrument = extract.instrument
    columns = (column for item in instrument.order for column in columns_of(instrument, item))
    asked = [ASKED] if instrument.adaptive else []
    return (*extract.keys, *columns, DECLINED, SKIPPED, NOT_SEEN, BLANK, UNUSED, *asked)


def columns_of(instrument: Instrument, item: ItemId) -> tuple[str, ...]:
    """The columns of one item: ``q1``, or ``q1.3`` for its option 3, which no item can be called."""
    response = instrument.response_of(item)
    if isinstance(response, Multiple | Ranking):
        return tuple(f"{item}.{option}" for option in response.options)
    return (item,)


def score_columns(extract: Extract) -> tuple[str, ...]:
    """The header of ``scores``: each scale with the number of its items that were answered."""
    scales = extract.instrument.scales
    return (*extract.keys, *(column for scale in scales for column in (scale, f"{scale}{COUNTED}")))


def answers(session: Session, extract: Extract) -> Iterator[Row]:
    """The header, then one row a submission, by subject code and time of sending; a few hundred in memory at once.

    An empty cell is explained at the end of the row: its item was left out on purpose (``declined_items``), routing
    left it out (``skipped_items``), or nobody ever saw it (``not_seen_items``), because what decides about it was left
    out, or because an adaptive test did not come to it; on a form from paper nothing stood there
    (``blank_on_paper_items``), or nothing that could be used (``unusable_on_paper_items``). Of an adaptive test
    there is the order in which it asked as well.
    """
    yield answer_columns(extract)
    kept = (Submission.answers, Submission.skipped, Submission.unread, Submission.course)
    statement = _of(extract, select(*extract.keys.values(), *kept))
    for *keys, given, skipped, unread, course in session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
        asked = [" ".join(step["item"] for step in course or () if step["item"])] if extract.instrument.adaptive else []
        yield (
            *keys,
            *_cells(extract.instrument, given),
            *_empty(extract.instrument, given, skipped, unread or {}),
            *asked,
        )


def _cells(instrument: Instrument, given: Mapping[str, Frozen]) -> Iterator[Cell]:
    for item in instrument.order:
        response, answer = instrument.response_of(item), given.get(item)
        if not isinstance(response, Multiple | Ranking):
            yield answer if not isinstance(answer, list) else None
            continue
        chosen = answer if isinstance(answer, list) else None
        yield from (None if chosen is None else CELLS[response.kind](chosen, option) for option in response.options)


def _empty(
    instrument: Instrument, given: Mapping[str, Frozen], skipped: list[str] | None, unread: Mapping[str, str]
) -> tuple[str, ...]:
    """Why cells are empty: five lists of items. What was sent before that was noted tells only the first one."""
    without = [item for item in instrument.order if item in given and given[item] is None]
    declined = [item for item in without if item not in unread]
    blank, unusable = ([item for item in without if unread.get(item) == one.value] for one in (LEFT_BLANK, UNUSABLE))
    left = [item for item in instrument.order if item not in given]
    by_routing = [item for item in left if item in (skipped or ())]
    not_seen = [] if skipped is None else [item for item in left if item not in skipped]
    return tuple(map(" ".join, (declined, by_routing, not_seen, blank, unusable)))


def _is_chosen(chosen: list[int], option: int) -> int:
    return int(option in chosen)


def _place(ranked: list[int], option: int) -> int | None:
    return ranked.index(option) + 1 if option in ranked else None


CELLS: Mapping[str, Callable[[list[int], int], int | None]] = {"multiple": _is_chosen, "ranking": _place}
"""What the column of one option says: 1 where it was chosen, else 0; the place that it was given."""


def scores(session: Session, extract: Extract) -> Iterator[Row]:
    """The header, then one row a submission, as in ``answers``; a score that was not computed is an empty cell."""
    yield score_columns(extract)
    scored = (Submission.id, SubmissionScore.scale, SubmissionScore.value, SubmissionScore.answered)
    statement = _of(extract, select(*extract.keys.values(), *scored)).outerjoin(
        SubmissionScore, SubmissionScore.submission_id == Submission.id
    )
    rows = session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
    place = len(extract.keys)
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
        .join(AnswerSheet, AnswerSheet.id == Submission.sheet_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .join(Study, Study.id == Participant.study_id)
        .join(Site, Site.id == Participant.site_id)
        .outerjoin(Arm, Arm.id == Participant.arm_id)
        .where(
            Participant.study_id == extract.study_id,
            Submission.instrument == extract.instrument.key,
            limits.IS_USABLE,
        )
        .order_by(Participant.subject_code, Submission.submitted_at, Submission.id)
    )
    return statement if extract.site_ids is None else statement.where(Participant.site_id.in_(extract.site_ids))
