"""The rights over one's data in words: what each is, and where a request stands; for participants and for teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rights import effects, requests
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
    requests.LIFTED: (lazy("Lifted again"), "closed"),
}
"""Each state with the kind of its badge."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a granted request switches off: in a word, for the participant, and what it changes and leaves."""

    title: Any
    in_force: Any
    changes: tuple[Any, ...]
    stays: tuple[Any, ...]


EFFECTS: Mapping[str, Effect] = {
    effects.USE: Effect(
        lazy("The answers are no longer used"),
        lazy("Your answers are kept but not used, until the study tells you here that this ends."),
        (
            lazy("Everything that was answered is left out of data files, means and charts made from now on."),
            lazy("No invitations and no reminders of this study are sent."),
        ),
        (
            lazy("Nothing is erased: the answers are kept, and the participant still sees them."),
            lazy("Open visits can be answered by whoever comes without being asked; those answers are not used."),
            lazy("What was taken away or published before stays as it was."),
        ),
    ),
    effects.CONTACT: Effect(
        lazy("No messages any more"),
        lazy("The study sends you no messages, until it tells you here that this ends."),
        (lazy("No invitations and no reminders of this study are sent."),),
        (
            lazy("Visits stay open: whoever signs in without being asked can still answer."),
            lazy("Everything that was answered stays in the study and is analysed."),
        ),
    ),
}
"""Each effect in words."""
