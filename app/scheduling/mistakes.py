"""What can be wrong with a protocol's document: a code, a place and the facts of the sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MISTAKES: Mapping[str, str] = {  # code -> sentence; a page has its own table, in the reader's language
    "unreadable": "%(problem)s",
    "unknown-event": "names the event %(event)s, which is not declared",
    "unknown-arm": "names the arm %(arm)s, which is not declared",
    "unknown-visit": "names the visit %(visit)s, which there is none of",
    "unknown-instrument": "asks for %(instrument)s, which is not installed",
    "unknown-scale": "names the scale %(scale)s, which %(instrument)s does not have",
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
    "reminder-when-refused": "sends %(step)s when answers are refused already",
    "escalation-before-notify": "alerts staff before the visit is announced",
    "escalation-after-closes": "alerts staff after the visit closes",
    "repeats-in-place": "repeats without going forward; the period between two times is a positive one",
    "endless": "repeats without end: say how many times, until when, or until which event",
    "ends-before-it-begins": "repeats until a time that comes before its first time",
    "too-many-rounds": "repeats more than %(most)s times",
    "overlaps-itself": "may be open again while it is still open",
    "threshold-without-bound": "compares the score %(scale)s with nothing",
    "threshold-never-met": "asks for a score %(scale)s that no number meets",
    "instrument-not-asked": "needs a score of %(instrument)s, which the visit %(visit)s does not ask for",
    "condition-on-later": "depends on the visit %(visit)s, which does not come before it",
    "unreachable": "is reached by nobody: %(why)s",
    "overlap": "may be open together with %(other)s, which holds %(instrument)s too",
}

UNREACHABLE: Mapping[str, str] = {  # the reason of an unreachable visit -> how it goes on
    "ending-event": "nothing is asked from the day of the event it hangs on",
    "stopped-by-own-event": "it stops at the event it hangs on",
    "other-arms": "no arm is asked both this visit and %(visit)s, on which it depends",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a protocol: a code of ``MISTAKES``, the place (``visits.m6.due``), the sentence's facts.

    Of an ``unreachable`` visit the fact ``reason`` is a key of ``UNREACHABLE``.
    """

    code: str
    where: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = dict(self.facts)
        if "reason" in facts:
            facts["why"] = UNREACHABLE[facts["reason"]] % facts
        return f"{self.where}: {MISTAKES[self.code] % facts}"


class BrokenProtocol(Exception):
    """A document that is no protocol, with everything that is wrong with it."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes
