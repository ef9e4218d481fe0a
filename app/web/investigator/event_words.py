"""Kinds of events in words; complete for what the core knows."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

EVENT_KINDS: Mapping[str, Any] = {
    "inclusion": lazy("Inclusion in the study"),
    "randomisation": lazy("Randomisation"),
    "surgery": lazy("Surgery"),
    "treatment-start": lazy("Start of a treatment"),
    "cycle-start": lazy("Start of a cycle of treatment"),
    "treatment-end": lazy("End of a treatment"),
    "progression": lazy("Progression of the disease"),
    "death": lazy("Death"),
    "other": lazy("Something else"),
}
