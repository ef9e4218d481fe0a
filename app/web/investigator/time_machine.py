"""The time machine: the draft lived through by made-up people, before anybody real does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, request
from wtforms import DateField, Form, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.i18n import HOUSE_ZONE
from app.scheduling import simulate
from app.scheduling.elements import InstrumentKey
from app.scheduling.protocol import Protocol
from app.scheduling.simulate import Entry, Kind
from app.scheduling.synthetic import Trait
from app.web.access import Who, allow
from app.web.investigator import drafting
from app.web.investigator.access import study_for
from app.web.investigator.frame import study_page
from app.web.locale import lazy
from app.web.request import current

bp = Blueprint("investigator_time_machine", __name__)
MOST_PEOPLE, MOST_YEARS, MOST_DAYS = 33, 10, 400
"""So that a page answers in seconds; the command line has no such limits."""

KINDS: Mapping[Kind, Any] = {
    Kind.OPENS: lazy("opens"),
    Kind.MESSAGE: lazy("message"),
    Kind.ALERT: lazy("alert to staff"),
    Kind.ANSWERED: lazy("answered"),
}
TRAITS: Mapping[Trait, Any] = {
    Trait.ORDINARY: lazy("nothing unusual"),
    Trait.LATE: lazy("included late"),
    Trait.FORGETS: lazy("misses visits"),
    Trait.CLOCKS: lazy("clocks change"),
    Trait.LEAP_DAY: lazy("29 February"),
    Trait.MOVES: lazy("moves to another time zone"),
    Trait.RESTS: lazy("pauses"),
    Trait.SILENT: lazy("wants no more messages"),
    Trait.LEAVES: lazy("withdraws"),
    Trait.DIES: lazy("dies"),
    Trait.CORRECTED: lazy("has a date corrected"),
}
NEEDED = lazy("Enter a number.")
RANGE = lazy("Choose a number from %(min)s to %(max)s.")


class MachineForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Whom to make up, and for how long."""

    people = IntegerField(lazy("People"), [InputRequired(NEEDED), NumberRange(1, MOST_PEOPLE, RANGE)])
    years = IntegerField(lazy("Years"), [InputRequired(NEEDED), NumberRange(1, MOST_YEARS, RANGE)])
    seed = IntegerField(
        lazy("Seed"),
        [InputRequired(NEEDED), NumberRange(0, 999_999, RANGE)],
        description=lazy("The same number makes the same people."),
    )
    start = DateField(lazy("The first inclusions from"), [InputRequired(lazy("Choose a date."))])


@dataclass(frozen=True, slots=True)
class Month:
    """What one month asks of everybody together, and of the one it asks most of."""

    first: date
    people: int
    minutes: int
    messages: int
    most_minutes: int
    most_messages: int


@bp.get("/studies/<code>/design/time-machine")
@allow(Who.STAFF)
def simulation(code: str) -> Any:
    """The calendar of the made-up people, day by day, and what it asks of them month by month."""
    access = study_for(code)
    found = drafting.of(access)
    today = current.at.astimezone(HOUSE_ZONE).date()
    given = {"people": 11, "years": 2, "seed": 1, "start": today.replace(day=1)}
    form = MachineForm(request.args if "people" in request.args else None, data=given)
    is_asked = "people" in request.args
    is_right = form.validate() if is_asked else True
    entries = run(found.protocol, form) if found.protocol and is_right else ()
    days = [(day, list(of_day)) for day, of_day in groupby(entries, key=lambda entry: entry.local.date())]
    shown = groupby(days[:MOST_DAYS], key=lambda one: one[0].replace(day=1))
    page = study_page(
        "time_machine.html",
        access,
        form=form,
        found=found,
        days=days[:MOST_DAYS],
        by_month=[(month, list(of_month)) for month, of_month in shown],
        is_cut=len(days) > MOST_DAYS,
        months=months(entries),
        totals=Counter(entry.kind for entry in entries),
        people=sorted({(entry.person, entry.trait) for entry in entries}),
        kinds=KINDS,
        traits=TRAITS,
        titles={visit.key: visit.title for visit in found.protocol.visits} if found.protocol else {},
    )
    return page, 422 if is_asked and not is_right else 200


def run(protocol: Protocol, form: MachineForm) -> Sequence[Entry]:
    """Everything that happens, by local day and instant."""
    start: date = form.start.data
    until = datetime.combine(start, time(), UTC) + timedelta(days=366 * form.years.data)
    entries = simulate.simulate(protocol, form.people.data, form.seed.data, start, until)
    return sorted(entries, key=lambda entry: (entry.local.date(), entry.at))


def months(entries: Sequence[Entry]) -> list[Month]:
    """The burden of each month in which anything happens."""
    minutes = {InstrumentKey(key): current.library.instrument(key).minutes for key in current.library.keys}
    burdens = simulate.burden(entries, minutes)
    found = []
    for month, of_month in groupby(sorted(burdens, key=lambda one: one[1]), key=lambda one: one[1]):
        people = [burdens[one] for one in of_month]
        found.append(
            Month(
                first=date.fromisoformat(f"{month}-01"),
                people=len(people),
                minutes=sum(one.minutes for one in people),
                messages=sum(one.messages for one in people),
                most_minutes=max(one.minutes for one in people),
                most_messages=max(one.messages for one in people),
            )
        )
    return found
