"""What professionals read for states, roles and orders; one table each, complete for what it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.scheduling.status import State
from app.web.locale import lazy


@dataclass(frozen=True, slots=True)
class StateWord:
    """A state in words, and the kind of badge whose symbol goes with them."""

    label: Any
    badge: str


STATES: Mapping[State, StateWord] = {
    State.NOT_YET: StateWord(lazy("Not open yet"), "neutral"),
    State.OPEN: StateWord(lazy("Open"), "due"),
    State.STARTED: StateWord(lazy("Started"), "started"),
    State.OVERDUE: StateWord(lazy("Overdue"), "late"),
    State.SUBMITTED: StateWord(lazy("Answered"), "done"),
    State.SUBMITTED_LATE: StateWord(lazy("Answered late"), "done"),
    State.EXPIRED: StateWord(lazy("Expired"), "closed"),
    State.EXCUSED: StateWord(lazy("Excused"), "draft"),
    State.DECLINED: StateWord(lazy("Declined"), "closed"),
    State.NOT_APPLICABLE: StateWord(lazy("Does not apply"), "neutral"),
    State.WITHDRAWN: StateWord(lazy("Withdrawn"), "closed"),
}
"""In the order in which tables and lists name them."""

ORDERS: Mapping[str, Any] = {
    "code": lazy("Subject code"),
    "attention": lazy("Open visits, closing first"),
    "newest": lazy("Newest first"),
    "site": lazy("Site"),
    "arm": lazy("Group"),
}

ROLES: Mapping[str, Any] = {
    "investigator": lazy("Investigator"),
    "site-staff": lazy("Site staff"),
    "data-manager": lazy("Data manager"),
}


def role(name: str) -> str:
    """A role in words; one that has none yet under its own name."""
    return str(ROLES.get(name, name))
