"""The list of a study's people as somebody asks for it: which of them, in which order, which page of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.participants.queries import Person
from app.scheduling.status import State

PEOPLE_A_PAGE = 50
ATTENTION = (State.OVERDUE, State.STARTED, State.OPEN)

ORDERS: Mapping[str, Callable[[Person], Any]] = {
    "code": lambda _person: 0,
    "attention": lambda person: [-sum(one.state is state for one in person.visits) for state in ATTENTION],
    "newest": lambda person: -person.enrolled_at.timestamp(),
    "site": lambda person: person.site_code,
    "arm": lambda person: (person.arm_key is None, person.arm_key),
}
"""Ways to sort, by name; among equals the subject code decides."""


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
    """One page of a list, counted from 1, with the size of the whole."""

    people: Sequence[Person]
    number: int
    pages: int
    total: int


def matching(people: Sequence[Person], wanted: Wanted) -> list[Person]:
    """The people asked for, sorted; KeyError for an order that is not in ``ORDERS``."""
    found = [person for person in people if _is_wanted(person, wanted)]
    return sorted(found, key=lambda person: (ORDERS[wanted.order](person), person.subject_code))


def page(people: Sequence[Person], number: int) -> Page:
    """That page, or the nearest one there is; an empty list has one empty page."""
    pages = max(1, -(-len(people) // PEOPLE_A_PAGE))
    number = min(max(number, 1), pages)
    start = (number - 1) * PEOPLE_A_PAGE
    return Page(people[start : start + PEOPLE_A_PAGE], number, pages, len(people))


def _is_wanted(person: Person, wanted: Wanted) -> bool:
    if wanted.site_id is not None and person.site_id != wanted.site_id:
        return False
    if wanted.search.casefold() not in person.subject_code.casefold():
        return False
    if wanted.state is None:
        return True
    asked = [one for one in person.visits if wanted.visit in (None, one.occasion.visit_key)]
    return any(one.state is wanted.state for one in asked)
