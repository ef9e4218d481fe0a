"""What a study asks, and when: arms, events, visits, windows, instruments and notices, as one immutable document.

Nobody's dates live here (that is the timeline), and nothing is stored: the caller keeps the dumped document. Reading
one is parse.py; whether it makes sense is checks.py.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from app.scheduling.elements import (
    ArmKey,
    ArmText,
    EndHour,
    EventKey,
    EventText,
    Frozen,
    Hour,
    InstrumentKey,
    Instruments,
    PeriodText,
    Titles,
    VisitKey,
    VisitText,
)
from app.scheduling.rules import Burst, Escalation, Expiry, OnlyIf, Reminder, Repeats, Sending

EventType = Literal[
    "inclusion",
    "randomisation",
    "surgery",
    "treatment-start",
    "cycle-start",
    "treatment-end",
    "progression",
    "death",
    "other",
]


class Arm(Frozen):
    """A treatment group that visits and instruments may be limited to."""

    title: Titles


class EventKind(Frozen):
    """A kind of dated fact that visits hang on, such as inclusion; each participant has a date of their own.

    A ``repeatable`` one is dated several times, under the numbers 1, 2, 3 ... (the start of each cycle), and visits
    hang on each of them. From the day of an ``ending`` one on nothing is asked or sent any more; death always ends.
    """

    title: Titles
    kind: EventType = "other"
    repeatable: bool = False
    ending: bool = False

    @property
    def is_ending(self) -> bool:
        """Whether nothing is asked from its day on."""
        return self.ending or self.kind == "death"


class Visit(Frozen):
    """A planned assessment. Its anchor is the day of the event plus ``offset``; four days are counted from the anchor.

    It opens at ``opens_hour`` of ``opens``, is announced at ``notify_hour`` of ``notify``, is due by ``due_hour`` of
    ``due`` and closes at ``closes_hour`` of ``closes`` (24: the end of that day), all in the participant's own time
    zone. ``late_answers``, sent when it is due or later, are labelled, taken like any other, or refused. It is not
    asked while the participation is paused, unless ``in_pause`` says so, nor from the day of an event of ``stops_at``.
    ``receipt``: a message says that its answers have arrived, unless the participant wants none.
    """

    key: VisitText
    title: Titles
    event: EventText
    offset: PeriodText
    opens: PeriodText
    notify: PeriodText
    due: PeriodText
    closes: PeriodText
    opens_hour: Hour = 0
    notify_hour: Hour = 9
    due_hour: EndHour = 24
    closes_hour: EndHour = 24
    repeats: Repeats | None = None
    burst: Burst | None = None
    instruments: Instruments
    instruments_by_arm: Annotated[Mapping[ArmText, Instruments], Field(max_length=20)] = Field(default_factory=dict)
    only_if: OnlyIf = OnlyIf()
    stops_at: Annotated[tuple[EventText, ...], Field(strict=False, max_length=20)] = ()
    in_pause: Literal["not-asked", "asked"] = "not-asked"
    late_answers: Literal["labelled", "taken", "refused"] = "labelled"
    expiry: Expiry = Expiry()
    reminders: Annotated[tuple[Reminder, ...], Field(strict=False, max_length=50)] = ()
    sending: Sending = Sending()
    escalation: Escalation | None = None
    receipt: bool = False

    def instruments_for(self, arm: ArmKey | None) -> tuple[InstrumentKey, ...]:
        """What a participant of that arm is asked, in order."""
        return self.instruments_by_arm.get(arm, self.instruments) if arm is not None else self.instruments

    @cached_property
    def every_instrument(self) -> tuple[InstrumentKey, ...]:
        """The instruments of all arms, each once: those of everybody first, then those only some arms have."""
        lists = (self.instruments, *self.instruments_by_arm.values())
        return tuple(dict.fromkeys(instrument for instruments in lists for instrument in instruments))


class Protocol(Frozen):
    """One immutable version of a study's design. Only ``parse_protocol`` proves that it hangs together."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    arms: Annotated[Mapping[ArmText, Arm], Field(max_length=20)] = Field(default_factory=dict)
    events: Annotated[Mapping[EventText, EventKind], Field(min_length=1, max_length=100)]
    visits: Annotated[tuple[Visit, ...], Field(strict=False, max_length=200)]

    def visit(self, key: VisitKey) -> Visit:
        """The visit of that key; KeyError where the protocol has none."""
        return self._visits[key]

    @cached_property
    def _visits(self) -> dict[VisitKey, Visit]:
        return {visit.key: visit for visit in self.visits}

    @cached_property
    def is_plain(self) -> bool:
        """Whether dates, zones and arm alone say which occasions there are, whatever was answered."""
        return not any(visit.repeats or visit.only_if.arms or visit.only_if.scores for visit in self.visits)

    @cached_property
    def deaths(self) -> tuple[EventKey, ...]:
        """The events that are a death: of those that end everything, the ones that end it in every other study too."""
        return tuple(key for key, event in self.events.items() if event.kind == "death")

    @cached_property
    def ending_events(self) -> tuple[EventKey, ...]:
        """The events that end everything."""
        return tuple(key for key, event in self.events.items() if event.is_ending)
