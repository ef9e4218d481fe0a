"""What a study asks, and when: events, visits, windows, instruments and reminders, as one immutable document.

Nobody's dates live here (that is the timeline), and nothing is stored: the caller keeps the dumped document.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Annotated, Any, Literal, NewType

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from app.scheduling.period import ONE_DAY, Period, is_never_later, parse_period

EventKey = NewType("EventKey", str)
VisitKey = NewType("VisitKey", str)
InstrumentKey = NewType("InstrumentKey", str)

_KEY = r"^[A-Za-z][A-Za-z0-9_-]*$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_INSTRUMENT = r"^[a-z0-9]+(-[a-z0-9]+)*@[0-9]+(\.[0-9]+)*$"


def _read_period(value: object) -> Period:
    """A period out of the document's text; a Period is taken as it is."""
    if isinstance(value, Period):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("period", "a period is a text such as P6M, P2W or -P7D")
    try:
        return parse_period(value)
    except ValueError as problem:
        raise PydanticCustomError("period", "{problem}", {"problem": str(problem)}) from None


PeriodText = Annotated[Period, PlainValidator(_read_period), PlainSerializer(str, return_type=str)]
Titles = Annotated[
    Mapping[
        Annotated[str, Field(pattern=_LANGUAGE, max_length=20)], Annotated[str, Field(min_length=1, max_length=200)]
    ],
    Field(min_length=1),
]


class Frozen(BaseModel):
    """A value that is read once and never changes; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EventKind(Frozen):
    """A kind of dated fact that visits hang on, such as inclusion; each participant has a date of their own."""

    title: Titles


class Reminder(Frozen):
    """One step of a visit's ladder of notices, sent at the visit's hour, ``after`` days past the notify day.

    ``step`` names it for ever: a step that was sent is never sent again, whatever happens to dates.
    """

    step: Annotated[str, Field(pattern=_KEY, max_length=40)]
    kind: Literal["invitation", "reminder", "last-call"]
    after: PeriodText


class Visit(Frozen):
    """A planned assessment. Its anchor is the day of the event plus ``offset``; four days are counted from the anchor.

    It opens at the start of ``opens``, is announced at ``notify_hour`` of ``notify``, is due by the end of ``due`` and
    closes at the end of ``closes``, all in the participant's own time zone.
    """

    key: Annotated[VisitKey, Field(pattern=_KEY, max_length=40)]
    title: Titles
    event: EventKey
    offset: PeriodText
    opens: PeriodText
    notify: PeriodText
    due: PeriodText
    closes: PeriodText
    notify_hour: Annotated[int, Field(ge=0, le=23)] = 9
    instruments: Annotated[
        tuple[Annotated[InstrumentKey, Field(pattern=_INSTRUMENT, max_length=90)], ...],
        Field(strict=False, max_length=50),  # not strict: a document has lists
    ]
    reminders: Annotated[tuple[Reminder, ...], Field(strict=False, max_length=50)] = ()


class Protocol(Frozen):
    """One immutable version of a study's design. Only ``parse_protocol`` proves that it hangs together."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    events: Annotated[
        Mapping[Annotated[EventKey, Field(pattern=_KEY, max_length=40)], EventKind],
        Field(min_length=1, max_length=100),
    ]
    visits: Annotated[tuple[Visit, ...], Field(strict=False, max_length=200)]

    def visit(self, key: VisitKey) -> Visit:
        """The visit of that key; KeyError where the protocol has none."""
        for visit in self.visits:
            if visit.key == key:
                return visit
        raise KeyError(key)


MISTAKES: Mapping[str, str] = {  # code -> sentence; a page has its own table, in the reader's language
    "unreadable": "%(problem)s",
    "unknown-event": "hangs on the event %(event)s, which is not declared",
    "duplicate-visit": "is the key of more than one visit",
    "opens-after-closes": "opens after it closes",
    "notify-before-opens": "is announced before it opens",
    "notify-after-closes": "is announced after it closes",
    "due-before-opens": "is due before it opens",
    "due-after-closes": "is due after it closes",
    "no-instrument": "holds no instrument",
    "duplicate-instrument": "holds the instrument %(instrument)s more than once",
    "duplicate-step": "has more than one reminder called %(step)s",
    "reminders-on-one-day": "sends %(step)s and %(other)s at the same time",
    "reminder-before-notify": "sends %(step)s before the visit is announced",
    "reminder-after-closes": "sends %(step)s after the visit closes",
    "overlap": "may be open together with %(other)s, which holds %(instrument)s too",
}

_ORDER = (  # the earlier day, the later day, what it is called otherwise, the field to blame
    ("opens", "closes", "opens-after-closes", "opens"),
    ("opens", "notify", "notify-before-opens", "notify"),
    ("notify", "closes", "notify-after-closes", "notify"),
    ("opens", "due", "due-before-opens", "due"),
    ("due", "closes", "due-after-closes", "due"),
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a protocol: a code of ``MISTAKES``, the place (``visits.m6.due``), the sentence's facts."""

    code: str
    where: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.where}: {MISTAKES[self.code] % self.facts}"


class BrokenProtocol(Exception):
    """A document that is no protocol, with everything that is wrong with it."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def parse_protocol(document: Mapping[str, object]) -> Protocol:
    """The protocol of a JSON or YAML document; BrokenProtocol with every mistake where it cannot be one.

    Visits that can be read are checked for sense even if others cannot.
    """
    try:
        protocol = Protocol.model_validate(document)
    except ValidationError as error:
        unreadable = tuple(_unreadable(error, document))
        raise BrokenProtocol(unreadable + tuple(_senseless(*_readable_part(document)))) from None
    mistakes = tuple(_senseless(protocol.events, protocol.visits))
    if mistakes:
        raise BrokenProtocol(mistakes)
    return protocol


def dump_protocol(protocol: Protocol) -> dict[str, Any]:
    """The document of a protocol, of texts, numbers, lists and mappings only; ``parse_protocol`` is its inverse."""
    return protocol.model_dump(mode="json")


def _unreadable(error: ValidationError, document: Mapping[str, object]) -> Iterator[Mistake]:
    for problem in error.errors(include_url=False, include_input=False):
        place = [str(step) for step in problem["loc"]]
        if place[:1] == ["visits"] and len(place) > 1:
            place[1] = _name_of(document["visits"], int(place[1]))
        yield Mistake("unreadable", ".".join(place) or "protocol", {"problem": problem["msg"]})


def _name_of(visits: Any, index: int) -> str:
    """How to call a visit that may not even have a key: by its key, or by its number as people count."""
    key = visits[index].get("key") if isinstance(visits[index], Mapping) else None
    return key if isinstance(key, str) else str(index + 1)


def _readable_part(document: Mapping[str, object]) -> tuple[Collection[str], tuple[Visit, ...]]:
    """What can be made out of a document that cannot be read as a whole."""
    if not isinstance(document, Mapping):
        return (), ()
    events, visits = document.get("events"), document.get("visits")
    readable = []
    for visit in visits if isinstance(visits, list | tuple) else ():
        try:
            readable.append(Visit.model_validate(visit))
        except ValidationError:
            continue  # listed already
    return (events if isinstance(events, Mapping) else ()), tuple(readable)


def _senseless(events: Collection[str], visits: tuple[Visit, ...]) -> Iterator[Mistake]:
    """Everything that can be read and still makes no sense."""
    for key in _repeated(visit.key for visit in visits):
        yield Mistake("duplicate-visit", f"visits.{key}")
    for visit in visits:
        if visit.event not in events:
            yield Mistake("unknown-event", f"visits.{visit.key}.event", {"event": visit.event})
        for earlier, later, code, blamed in _ORDER:
            if not is_never_later((getattr(visit, earlier),), (getattr(visit, later),)):
                yield Mistake(code, f"visits.{visit.key}.{blamed}")
        yield from _senseless_instruments(visit)
        yield from _senseless_reminders(visit)
    for first, second in combinations(visits, 2):
        yield from _overlaps(first, second)


def _senseless_instruments(visit: Visit) -> Iterator[Mistake]:
    where = f"visits.{visit.key}.instruments"
    if not visit.instruments:
        yield Mistake("no-instrument", where)
    for instrument in _repeated(visit.instruments):
        yield Mistake("duplicate-instrument", where, {"instrument": instrument})


def _senseless_reminders(visit: Visit) -> Iterator[Mistake]:
    where = f"visits.{visit.key}.reminders"
    for step in _repeated(reminder.step for reminder in visit.reminders):
        yield Mistake("duplicate-step", where, {"step": step})
    for reminder in visit.reminders:
        if not is_never_later((), (reminder.after,)):
            yield Mistake("reminder-before-notify", where, {"step": reminder.step})
        if not is_never_later((visit.notify, reminder.after), (visit.closes,)):
            yield Mistake("reminder-after-closes", where, {"step": reminder.step})
    for first, second in combinations(visit.reminders, 2):
        if first.after == second.after:  # the sender would always skip the first
            yield Mistake("reminders-on-one-day", where, {"step": first.step, "other": second.step})


def _overlaps(first: Visit, second: Visit) -> Iterator[Mistake]:
    """The instruments that two visits on one event would ask for at the same time, for at least one date of it."""
    shared = [instrument for instrument in first.instruments if instrument in second.instruments]
    if not shared or first.event != second.event or _is_over_before(first, second) or _is_over_before(second, first):
        return
    for instrument in dict.fromkeys(shared):
        yield Mistake("overlap", f"visits.{second.key}", {"other": first.key, "instrument": instrument})


def _is_over_before(first: Visit, second: Visit) -> bool:
    """Whether the first visit's last day always comes before the second one's first day."""
    return is_never_later((first.offset, first.closes, ONE_DAY), (second.offset, second.opens))


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
