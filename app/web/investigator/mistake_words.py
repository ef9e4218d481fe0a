"""What is wrong with a protocol, in sentences, and where to mend it. A test holds the tables against the core."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.scheduling.mistakes import Mistake
from app.web.investigator import scales
from app.web.locale import _, lazy
from app.web.request import current

SENTENCES: Mapping[str, Any] = {
    "unreadable": lazy("Something here is missing or cannot be read. Please check what is written there."),
    "unknown-event": lazy(
        "It names the event “%(event)s”, which the study does not have. Add the event or choose another."
    ),
    "unknown-arm": lazy(
        "It names the group “%(arm)s”, which the study does not have. Add the group or choose another."
    ),
    "unknown-visit": lazy("It names the visit “%(visit)s”, which there is none of. Choose another visit."),
    "unknown-instrument": lazy("The questionnaire %(instrument)s is not in the library. Choose another one."),
    "unknown-scale": lazy("%(instrument)s has no scale “%(scale)s”. Choose one of its scales."),
    "duplicate-visit": lazy("Two visits have the same key. Give one of them another."),
    "opens-after-closes": lazy("It opens after it closes. Let it open earlier or close later."),
    "notify-before-opens": lazy("It is announced before it opens. Announce it later or open it earlier."),
    "notify-after-closes": lazy("It is announced after it closes. Announce it earlier or close it later."),
    "due-before-opens": lazy("It is due before it opens. Let it be due later or open earlier."),
    "due-after-closes": lazy("It is due after it closes. Let it be due earlier or close later."),
    "no-instrument": lazy("It asks nothing. Choose at least one questionnaire."),
    "duplicate-instrument": lazy("It asks for %(instrument)s more than once. Take one away."),
    "duplicate-step": lazy("Two messages are called “%(step)s”. Give one of them another name."),
    "reminders-on-one-day": lazy("“%(step)s” and “%(other)s” would go out at the same time. Move one of them."),
    "reminder-before-notify": lazy("“%(step)s” would go out before the visit is announced. Send it later."),
    "reminder-after-closes": lazy("“%(step)s” would go out after the visit closes. Send it earlier."),
    "reminder-when-refused": lazy(
        "“%(step)s” would go out when answers are no longer taken. Send it earlier or take late answers."
    ),
    "escalation-before-notify": lazy("Staff would be alerted before the visit is announced. Alert them later."),
    "escalation-after-closes": lazy("Staff would be alerted after the visit closes. Alert them earlier."),
    "repeats-in-place": lazy(
        "It repeats without going forward. The time between two rounds must be longer than nothing."
    ),
    "endless": lazy("It repeats without end. Say how many times, until when, or until which event."),
    "ends-before-it-begins": lazy("It repeats until a time that comes before its first time. Choose a later end."),
    "too-many-rounds": lazy("It repeats more than %(most)s times. Choose fewer or a longer time between two."),
    "overlaps-itself": lazy("It may be open again while it is still open. Let it close earlier or come less often."),
    "threshold-without-bound": lazy("The score %(scale)s is compared with nothing. Say at least or at most how much."),
    "threshold-never-met": lazy("No number meets what is asked of the score %(scale)s. Check both bounds."),
    "instrument-not-asked": lazy("It needs a score of %(instrument)s, which the visit “%(visit)s” does not ask for."),
    "condition-on-later": lazy("It depends on the visit “%(visit)s”, which does not come before it."),
    "unreachable": lazy("Nobody would ever get this visit: %(why)s"),
    "overlap": lazy(
        "It may be open together with “%(other)s”, which asks for %(instrument)s too. Move one or narrow its window."
    ),
}
REASONS: Mapping[str, Any] = {
    "ending-event": lazy("nothing is asked any more from the day of its event."),
    "stopped-by-own-event": lazy("it stops at the very event that it hangs on."),
    "other-arms": lazy("no group is asked both this visit and “%(visit)s”, on which it depends."),
}
SECTIONS: Mapping[str, tuple[str, Any]] = {  # the field of a visit -> the section of its form, and what that is called
    "key": ("what", lazy("name")),
    "title": ("what", lazy("name")),
    "event": ("when", lazy("when")),
    "offset": ("when", lazy("when")),
    "opens": ("window", lazy("window")),
    "notify": ("window", lazy("window")),
    "due": ("window", lazy("window")),
    "closes": ("window", lazy("window")),
    "opens_hour": ("window", lazy("window")),
    "notify_hour": ("window", lazy("window")),
    "due_hour": ("window", lazy("window")),
    "closes_hour": ("window", lazy("window")),
    "instruments": ("asked", lazy("questionnaires")),
    "instruments_by_arm": ("asked", lazy("questionnaires")),
    "repeats": ("repeating", lazy("repeating")),
    "burst": ("repeating", lazy("repeating")),
    "only_if": ("conditions", lazy("conditions")),
    "stops_at": ("conditions", lazy("conditions")),
    "in_pause": ("conditions", lazy("conditions")),
    "late_answers": ("closing", lazy("closing")),
    "expiry": ("closing", lazy("closing")),
    "reminders": ("messages", lazy("messages")),
    "sending": ("messages", lazy("messages")),
    "escalation": ("messages", lazy("messages")),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One mistake as a page shows it: what it is about, where to mend it (None: in the file), and the sentence."""

    place: str
    url: str | None
    sentence: str
    visit: str | None
    section: str | None


def flaws(mistakes: Iterable[Mistake], code: str, known: Collection[str]) -> list[Flaw]:
    """Every mistake of a draft, each once: the core may find one thing in several ways. ``known``: keys with a page."""
    return list(dict.fromkeys(_flaw(mistake, code, known) for mistake in mistakes))


def _flaw(mistake: Mistake, code: str, known: Collection[str]) -> Flaw:
    facts = dict(mistake.facts)
    if facts.get("instrument") in current.library.installed:
        facts["instrument"] = scales.name_of(facts["instrument"])
    if "reason" in facts:
        facts["why"] = str(REASONS[facts["reason"]]) % facts
    sentence = str(SENTENCES[mistake.code]) % facts
    kind, *rest = mistake.where.split(".")
    if kind == "visits" and rest:
        section, label = SECTIONS.get(rest[1] if len(rest) > 1 else "", ("window", None))
        page = "investigator_design_visits.visit"
        url = url_for(page, code=code, visit=rest[0], _anchor=section) if rest[0] in known else None
        place = _("Visit %(visit)s", visit=rest[0])
        if label is not None:
            place = _("Visit %(visit)s, %(section)s", visit=rest[0], section=label)
        return Flaw(place, url, sentence, rest[0], section)
    if kind in ("events", "arms") and rest:
        page = "investigator_design_names.part"
        url = url_for(page, code=code, kind=kind, part=rest[0]) if rest[0] in known else None
        place = _("Event %(event)s", event=rest[0]) if kind == "events" else _("Group %(arm)s", arm=rest[0])
        return Flaw(place, url, sentence, None, None)
    if mistake.where == "events":
        return Flaw(_("Events"), None, _("A study needs at least one event, such as inclusion. Add one."), None, None)
    return Flaw(mistake.where, None, sentence, None, None)
