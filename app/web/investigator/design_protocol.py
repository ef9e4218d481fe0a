"""The protocol while it is being designed: its visits in time, what a participant would live through, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request

from app.i18n import HOUSE_ZONE
from app.scheduling.protocol import Visit
from app.studies import draft_parts
from app.web.access import Who, allow
from app.web.investigator import drafting, instrument_state, lived_calendar, timeline_picture
from app.web.investigator.access import study_for
from app.web.investigator.design_access import may_design
from app.web.investigator.drafting import Drafting
from app.web.investigator.event_words import EVENT_KINDS
from app.web.investigator.frame import study_page
from app.web.investigator.instrument_state import InstrumentState
from app.web.investigator.period_words import around, length, place
from app.web.investigator.visit_fields import KINDS
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("investigator_design_protocol", __name__)
WHAT: Mapping[str, Any] = {"opens": lazy("Opens"), "closes": lazy("Closes"), **KINDS}


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A visit of the draft in words; what cannot be read yet is empty."""

    key: str
    title: str
    when: str
    window: str
    repeats: str
    arms: str
    instruments: tuple[InstrumentState, ...]
    messages: int

    @property
    def minutes(self) -> int:
        """How long its questionnaires take."""
        return sum(one.minutes for one in self.instruments)


@bp.get("/studies/<code>/design/protocol")
@allow(Who.STAFF)
def protocol(code: str) -> str:
    """The whole draft; whoever may not change it may read it."""
    access = study_for(code)
    found = drafting.of(access)
    events = dates(found)
    arm = request.args.get("arm") or None
    occasions = lived_calendar.planned(found.shown, events, arm) if found.shown else ()
    visits = [shown(found, part) for part in draft_parts.visits(found.document)]
    return study_page(
        "design_protocol.html",
        access,
        found=found,
        draft=found.draft,
        may_design=may_design(access),
        visits=visits,
        events=draft_parts.named(found.document, "events"),
        arms=draft_parts.named(found.document, "arms"),
        event_kinds=EVENT_KINDS,
        picture=timeline_picture.picture([(visit.key, visit.title) for visit in visits], occasions),
        months=lived_calendar.months(occasions),
        is_cut=len(occasions) == lived_calendar.MOST,
        dates=events,
        arm=arm,
        named_options=_options,
        what=WHAT,
        zone=HOUSE_ZONE,
    )


def _options(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, in_language(part.get("title") or {"": key}, current.language)) for key, part in parts.items()]


def dates(found: Drafting) -> dict[str, date]:
    """The made-up dates that the address names; before anybody has chosen, every event but an ending one is today."""
    chosen: dict[str, date] = {}
    asked = any(name.startswith("on-") for name in request.args)
    for key, part in draft_parts.named(found.document, "events").items():
        written = request.args.get(f"on-{key}", "")
        try:
            chosen[key] = date.fromisoformat(written)
        except ValueError:
            if not asked and part.get("kind") not in ("death", "progression") and not part.get("ending"):
                chosen[key] = current.at.astimezone(HOUSE_ZONE).date()
    return chosen


def shown(found: Drafting, part: draft_parts.Part) -> ShownVisit:
    """One visit in words: whole sentences where it can be read, its name alone where it cannot yet."""
    key = str(part.get("key", ""))
    protocol = found.shown if key else None
    title = part.get("title")
    instruments = [one for one in part.get("instruments") or () if isinstance(one, str)]
    by_arm = part.get("instruments_by_arm")
    for others in by_arm.values() if isinstance(by_arm, dict) else ():
        instruments += [one for one in others or () if isinstance(one, str)]
    words = in_language(title, current.language) if isinstance(title, dict) and title else key
    states = tuple(instrument_state.of(one, found.access.study.languages) for one in dict.fromkeys(instruments))
    if protocol is None:
        return ShownVisit(key, words, "", "", "", "", states, len(part.get("reminders") or ()))
    visit = protocol.visit(key)  # type: ignore[arg-type]  # the protocol was read from this very part
    event = in_language(protocol.events[visit.event].title, current.language)
    return ShownVisit(
        key=key,
        title=words,
        when=place(visit.offset, event),
        window=_window(visit),
        repeats=_repeats(visit),
        arms=", ".join(in_language(protocol.arms[arm].title, current.language) for arm in visit.only_if.arms),
        instruments=states,
        messages=len(visit.reminders),
    )


def _window(visit: Visit) -> str:
    return _("It opens %(opens)s and closes %(closes)s.", opens=around(visit.opens), closes=around(visit.closes))


def _repeats(visit: Visit) -> str:
    if visit.repeats is None:
        return ""
    return _("Comes again every %(period)s.", period=length(visit.repeats.every))
