"""What a visit may add to its four instants: repeating, conditions, what closing does, how people are written to.

Each rule has a default that asks for nothing, so that a plain visit stays a plain visit.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.scheduling.elements import (
    ArmText,
    EventText,
    Frozen,
    Hour,
    InstrumentText,
    KeyText,
    PeriodText,
    VisitText,
)
from app.scheduling.period import ONE_DAY

Score = Annotated[float, Field(ge=-1e6, le=1e6), AfterValidator(lambda value: round(value, 6))]
MAX_ROUNDS = 9_999
MAX_MOMENTS = 99


class Repeats(Frozen):
    """The visit comes again ``every`` so often: the nth time at its event plus offset plus n - 1 times ``every``.

    All months are added at once, so that a 31st never drifts to the 28th. It ends at whichever comes first: after
    ``times`` rounds in all; with the last round whose anchor is not later than the event plus ``until``; with the last
    round whose anchor comes before the day of ``until_event``. At least one of them must be there.
    """

    every: PeriodText
    times: Annotated[int, Field(ge=2, le=MAX_ROUNDS)] | None = None
    until: PeriodText | None = None
    until_event: EventText | None = None


class Burst(Frozen):
    """Each round is asked ``times`` times in a row, ``every`` so often: seven evenings, for example.

    The four instants are counted from each of these moments' own days.
    """

    times: Annotated[int, Field(ge=2, le=MAX_MOMENTS)]
    every: PeriodText = ONE_DAY


class Threshold(Frozen):
    """A score of an earlier visit that decides whether this one takes place, in the scale's own numbers.

    It is met by a score that is neither below ``at_least`` nor above ``at_most``; at least one of the two is there.
    Where the earlier visit repeats too, its iteration of the same number decides; otherwise its only one.
    """

    visit: VisitText
    instrument: InstrumentText
    scale: Annotated[str, Field(min_length=1, max_length=60)]
    at_least: Score | None = None
    at_most: Score | None = None


class OnlyIf(Frozen):
    """Who is asked: only these arms (none named: all), and only if every threshold is met."""

    arms: Annotated[tuple[ArmText, ...], Field(strict=False, max_length=20)] = ()
    scores: Annotated[tuple[Threshold, ...], Field(strict=False, max_length=10)] = ()


class Expiry(Frozen):
    """What happens when a visit closes, by whether its form was opened before.

    One never opened may still be opened for ``never_opened_hours``. One opened or begun may still be sent for
    ``started_hours``: nobody is cut off while typing, so it is at least one hour. After that nothing is taken; answers
    given so far are kept.
    """

    never_opened_hours: Annotated[int, Field(ge=0, le=8_760)] = 0
    started_hours: Annotated[int, Field(ge=1, le=8_760)] = 24


class Reminder(Frozen):
    """One step of a visit's ladder of notices, sent ``after`` days past the notify day at ``hour``.

    Without an hour it is the visit's ``notify_hour``. ``step`` names it for ever: a step that was sent is never sent
    again, whatever happens to dates.
    """

    step: KeyText
    kind: Literal["invitation", "reminder", "last-call"]
    after: PeriodText
    hour: Hour | None = None
    channel: Literal["email", "sms"] = "email"


class Sending(Frozen):
    """When the participant is left alone: what falls into it goes out at the first minute after it.

    Quiet hours run from ``quiet_from`` to ``quiet_until`` o'clock, over midnight if need be; the same hour twice means
    none. Without ``weekends`` nothing goes out on Saturday and Sunday.
    """

    quiet_from: Hour = 0
    quiet_until: Hour = 0
    weekends: bool = True


class Escalation(Frozen):
    """Staff are told of a visit still unanswered ``after`` days past its notify day, at its ``notify_hour``."""

    after: PeriodText
    to: Literal["site-staff", "investigator"] = "site-staff"
