"""The list of a study's people as somebody asks for it: which of them, in which order, which page of it.

The database finds the page; only the people on it are loaded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.participants import tallies
from app.participants.models import OccasionRecord, Participant
from app.participants.queries import Among
from app.scheduling.status import State
from app.studies.models import Arm, Site

PEOPLE_A_PAGE = 50
COUNTED_UP_TO = 5_000
"""Of a narrowed list so many are found; nobody pages further, and finding more takes time."""

Ids = Select[int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. A state without a visit is that of any visit; None and "" ask for nothing in particular."""

    site_id: int | None = None
    visit: str | None = None
    state: State | None = None
    search: str = ""
    order: str = "code"

    @property
    def is_selective(self) -> bool:
        """Whether this narrows the list down by more than the site."""
        return self.state is not None or bool(self.search) or self.order == "attention"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, counted from 1: the people's ids in their order. ``total`` is capped if ``is_capped``."""

    ids: tuple[int, ...]
    number: int
    pages: int
    total: int
    is_capped: bool


def page(
    session: Session, among: Among, wanted: Wanted, number: int, at: datetime, enrolled: int | None = None
) -> Page:
    """That page, or the nearest one there is; an empty list has one empty page. At most two statements.

    ``enrolled`` saves one, where the caller has counted everybody anyway and nothing narrows the list.
    """
    matching = select(Participant.id).where(*among.conditions(), *_conditions(wanted, at))
    ordered = ORDERS[wanted.order](matching, at).order_by(Participant.subject_code)
    if wanted.is_selective:
        return _few(session, ordered, number)
    if enrolled is None or wanted.site_id is not None:
        enrolled = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages, number = _place(enrolled, number)
    ids = session.scalars(ordered.limit(PEOPLE_A_PAGE).offset((number - 1) * PEOPLE_A_PAGE))
    return Page(tuple(ids), number, pages, enrolled, is_capped=False)


def _few(session: Session, ordered: Ids, number: int) -> Page:
    """What was narrowed down is found once, as far as anybody pages, and cut here."""
    found = list(dict.fromkeys(session.scalars(ordered.limit(COUNTED_UP_TO + 1))))
    is_capped = len(found) > COUNTED_UP_TO
    pages, number = _place(min(len(found), COUNTED_UP_TO), number)
    start = (number - 1) * PEOPLE_A_PAGE
    return Page(tuple(found[start : start + PEOPLE_A_PAGE]), number, pages, min(len(found), COUNTED_UP_TO), is_capped)


def _place(total: int, number: int) -> tuple[int, int]:
    """How many pages there are, and the nearest one to the page asked for."""
    pages = max(1, -(-total // PEOPLE_A_PAGE))
    return pages, min(max(number, 1), pages)


def _by_code(ids: Ids, _at: datetime) -> Ids:
    return ids


def _by_attention(ids: Ids, at: datetime) -> Ids:
    """Only whoever has something open, what closes soonest first."""
    return (
        ids.join(OccasionRecord, OccasionRecord.participant_id == Participant.id)
        .where(OccasionRecord.submitted_at.is_(None), OccasionRecord.excused_at.is_(None))
        .where(OccasionRecord.closes_at > at, OccasionRecord.declined_at.is_(None), OccasionRecord.applies)
        .where(tallies.STILL_ASKED)
        .order_by(OccasionRecord.closes_at)
    )


def _by_newest(ids: Ids, _at: datetime) -> Ids:
    return ids.order_by(Participant.enrolled_at.desc())


def _by_site(ids: Ids, _at: datetime) -> Ids:
    return ids.join(Site, Site.id == Participant.site_id).order_by(Site.code)


def _by_arm(ids: Ids, _at: datetime) -> Ids:
    return ids.outerjoin(Arm, Arm.id == Participant.arm_id).order_by(Arm.key.is_(None), Arm.key)


ORDERS: Mapping[str, Callable[[Ids, datetime], Ids]] = {
    "code": _by_code,
    "attention": _by_attention,
    "newest": _by_newest,
    "site": _by_site,
    "arm": _by_arm,
}
"""Ways to sort, by name; among equals the subject code decides."""


def _conditions(wanted: Wanted, at: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.site_id is not None:
        found.append(Participant.site_id == wanted.site_id)
    if wanted.search:
        found.append(Participant.subject_code.icontains(wanted.search, autoescape=True))
    if wanted.state is not None:
        visits = select(OccasionRecord.id).where(
            OccasionRecord.participant_id == Participant.id, tallies.in_state(wanted.state, at)
        )
        if wanted.visit is not None:
            visits = visits.where(OccasionRecord.visit_key == wanted.visit)
        found.append(visits.correlate(Participant).exists())
    return found
