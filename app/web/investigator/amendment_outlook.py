"""What an amendment would do: everybody in figures, and some people one by one."""

from dataclasses import dataclass

from flask import request

from app.notices import outbox
from app.participants import amending, outlook
from app.participants.models import Participant
from app.participants.outlook import Outlook
from app.scheduling.amend import Effect
from app.studies.models import Amendment
from app.web.request import current
from app.web.stored_numbers import asked

LIVE_UP_TO = 200
"""So many people are looked through while the page is made; of more, a job does it."""
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the people concerned, by subject code, with what becomes of them."""

    rows: tuple[tuple[Participant, Effect], ...]
    search: str
    total: int
    number: int
    pages: int


def of(amendment: Amendment, concerned: int) -> Outlook:
    """Everybody in figures: as of now, or as far as the job has come."""
    if concerned > LIVE_UP_TO:
        return outlook.read(amendment.outlook, current.at)
    people = amending.concerned(current.session, amendment)
    found = Outlook(current.at)
    found.add(people, _effects(amendment, people), current.at)
    found.is_whole = True
    return found


def page(amendment: Amendment) -> Page:
    """The page of people that the address asks for."""
    search = request.args.get("q", "").strip().replace("\x00", "")[:40]
    total = amending.count_concerned(current.session, amendment, search)
    pages = max(1, -(-total // PER_PAGE))
    number = min(asked("page"), pages)
    people = amending.concerned(current.session, amendment, search, first=(number - 1) * PER_PAGE, most=PER_PAGE)
    effects = _effects(amendment, people)
    return Page(tuple((one, effects[one.id]) for one in people), search, total, number, pages)


def _effects(amendment: Amendment, people: list[Participant]) -> dict[int, Effect]:
    sent = outbox.settled(current.session, [one.id for one in people])
    return amending.preview(current.session, amendment, people, current.at, sent)
