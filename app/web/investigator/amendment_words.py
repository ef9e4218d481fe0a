"""Amendments in words; complete for what the core knows."""

from collections.abc import Mapping
from typing import Any

from app.scheduling.amend import FOLLOW, STAY, What
from app.studies.amendments import Stage
from app.web.locale import lazy

STAGES: Mapping[Stage, tuple[Any, str]] = {
    Stage.PROPOSED: (lazy("Proposed"), "draft"),
    Stage.APPROVED: (lazy("Approved"), "started"),
    Stage.APPLYING: (lazy("Being applied"), "started"),
    Stage.APPLIED: (lazy("Applied"), "done"),
    Stage.REVERTING: (lazy("Being reverted"), "started"),
    Stage.REVERTED: (lazy("Reverted"), "closed"),
}
"""Each stage and the kind of its badge."""

CHANGES: Mapping[What, Any] = {
    What.ADDED: lazy("New visit"),
    What.REMOVED: lazy("No longer asked"),
    What.MOVED: lazy("Other dates"),
    What.CHANGED: lazy("Other questionnaires, messages or rules"),
    What.STAYS: lazy("Stays as it was"),
}
OPEN_VISITS: Mapping[str, Any] = {
    STAY: lazy("Visits that are open stay as they are"),
    FOLLOW: lazy("Open visits that nobody has begun follow the new version"),
}
TOLD: Mapping[str, Any] = {
    "approve": lazy("The amendment is approved. Nothing changes before it is applied."),
    "apply": lazy("Everybody is moved from now on, one after the other. This page says how far it has come."),
    "revert": lazy("Everybody is moved back from now on, one after the other. This page says how far it has come."),
}
"""What is said after each act."""
