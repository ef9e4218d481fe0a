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
"""Where a state is asked for, the matches are counted up to here; nobody pages further, and counting on takes time."""

Ids = Select[tuple[int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. A state without a visit is that of any visit; None and "" ask for nothing in particular."""

    site_id: int | None = None
    visit: str | None = None
    state: State | None = None
    search: str = ""
    order: str = "code"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, counted from 1: the people's ids in their order. ``total`` is capped if ``is_capped``."""

    ids: tuple[int, ...]
    number: int
    pages: int
    total: int
    is_capped: bool


def page(session: Session, among: Among, wanted: Wanted, number: int, at: datetime) -> Page:
    """That page, or the nearest one there is; an empty list has one empty page. Two statements."""
    matching = select(Participant.id).where(*among.conditions(), *_conditions(wanted, at))
    counted = matching if wanted.state is None else matching.limit(COUNTED_UP_TO + 1)
    found = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    is_capped = wanted.state is not None and found > COUNTED_UP_TO
    total = min(found, COUNTED_UP_TO) if is_capped else found
    pages = max(1, -(-total // PEOPLE_A_PAGE))
    number = min(max(number, 1), pages)
    ordered = ORDERS[wanted.order](matching, at).order_by(Participant.subject_code)
    ids = session.scalars(ordered.limit(PEOPLE_A_PAGE).offset((number - 1) * PEOPLE_A_PAGE))
    return Page(tuple(ids), number, pages, total, is_capped)


def _by_code(ids: Ids, _at: datetime) -> Ids:
    return ids


def _by_attention(ids: Ids, at: datetime) -> Ids:
    """Whoever has something open comes first, the longest due before the others."""
    waiting = (
        select(OccasionRecord.participant_id, func.min(OccasionRecord.due_at).label("due"))
        .where(
            OccasionRecord.submitted_at.is_(None), OccasionRecord.excused_at.is_(None), OccasionRecord.closes_at > at
        )
        .group_by(OccasionRecord.participant_id)
        .subquery()
    )
    joined = ids.outerjoin(waiting, waiting.c.participant_id == Participant.id)
    return joined.order_by(Participant.withdrawn_at.is_not(None), waiting.c.due.is_(None), waiting.c.due)


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
