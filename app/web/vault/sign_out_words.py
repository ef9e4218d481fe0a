"""Why somebody was signed out everywhere, in words for the operator who chooses and for the person who reads it."""

from collections.abc import Mapping
from typing import Any, Final

from app.web.locale import lazy

REASONS: Final[Mapping[str, Any]] = {
    "lost-device": lazy("A telephone or a computer is lost or stolen"),
    "somebody-else": lazy("Somebody else may have got into the account"),
    "asked": lazy("The person asked for it"),
}
