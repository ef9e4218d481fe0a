"""The rights over one's data in words: what each is, and where a request stands; for participants and for teams."""

from collections.abc import Mapping
from typing import Any

from app.rights import requests
from app.web.locale import lazy

KINDS: Mapping[str, tuple[Any, Any]] = {
    "access": (lazy("See my data"), lazy("The study tells you which data about you it keeps, why, and who sees them.")),
    "rectification": (lazy("Have something corrected"), lazy("Say what is wrong, and what it should be.")),
    "objection": (lazy("Object to a use"), lazy("Say which use of your data you do not want.")),
    "restriction": (
        lazy("Have the use paused"),
        lazy("Your data are kept but not used, for example while a mistake is being looked into."),
    ),
    "erasure": (
        lazy("Have my data erased"),
        lazy("The study answers what can be erased. Some results must be kept by law, then without your name."),
    ),
    "portability": (
        lazy("Hand my data on"),
        lazy("Say to whom your data should go, or take them away yourself."),
    ),
}
"""Each right with what it means."""

STATES: Mapping[str, tuple[Any, str]] = {
    requests.ASKED: (lazy("Asked"), "due"),
    requests.WORKED_ON: (lazy("Being worked on"), "started"),
    requests.GRANTED: (lazy("Done"), "done"),
    requests.REFUSED: (lazy("Refused"), "closed"),
    requests.TAKEN_BACK: (lazy("Taken back"), "closed"),
}
"""Each state with the kind of its badge."""
