"""How the team's pages call what people said to a version of the note, and where they stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.consents import answers, standing
from app.consents.answers import Said
from app.consents.models import ConsentVersion
from app.web.consents import SAID_NAMES, WAY_NAMES
from app.web.filters import day
from app.web.locale import _, lazy

STATE_NAMES: Mapping[str, tuple[Any, str]] = {
    answers.AGREED: (lazy("Agreed"), "done"),
    standing.UNANSWERED: (lazy("Asked, no answer yet"), "due"),
    answers.TALK_FIRST: (lazy("Want to talk first"), "late"),
    answers.REFUSED: (lazy("Do not agree"), "late"),
}
"""Each state with the kind of its badge."""
PAPER_NAMES: Mapping[str, Any] = {
    answers.AGREED: lazy("The person agrees"),
    answers.REFUSED: lazy("The person does not agree"),
}
OPEN_STATES = (standing.UNANSWERED, answers.TALK_FIRST, answers.REFUSED)
"""Those that somebody of the team may have to do something about, in the order of a page."""


def version_name(version: ConsentVersion) -> str:
    """A version by what the sponsor calls it and by its number."""
    return _("%(label)s (no. %(number)s)", number=version.number, label=version.label)


def said(one: Said) -> str:
    """One thing that somebody said, in a line."""
    sentence = _(
        "%(answer)s on %(day)s: version %(version)s. %(way)s.",
        answer=SAID_NAMES[one.answer.answer],
        version=version_name(one.version),
        way=WAY_NAMES[one.answer.way],
        day=day(one.answer.answered_at),
    )
    signed = one.answer.signed_on
    return (
        sentence
        if signed is None
        else _("%(sentence)s Date on the paper: %(day)s.", sentence=sentence, day=day(signed))
    )


def history(found: Sequence[Said] | None) -> list[str]:
    """What one participant said, the newest first; a line that says so where nothing is. Nothing in a study without."""
    return [] if found is None else [said(one) for one in found] or [_("None recorded")]
