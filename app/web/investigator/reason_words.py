"""Why an answer is missing, in words; complete for what can be recorded."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

REASONS: Mapping[str, Any] = {
    "too-ill": lazy("Too ill"),
    "hospital": lazy("In hospital"),
    "holiday": lazy("On holiday"),
    "refused": lazy("Did not want to"),
    "technical": lazy("Technical problem"),
    "died": lazy("Has died"),
    "other": lazy("Another reason"),
}

THEN: Mapping[str, Any] = {
    "died": lazy("Please give the event of the death its date too, so that the family gets no more messages."),
}
"""What should be done after some reasons."""


def reason(code: str | None) -> str:
    """A reason in words; one that has none under its own name."""
    return str(REASONS.get(code or "", code or ""))
