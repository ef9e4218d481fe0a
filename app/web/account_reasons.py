"""Why the account of a professional or of an operator is closed, or opened again: codes for the record, and words."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from app.web.locale import lazy

TO_CLOSE: Final[Mapping[str, Any]] = {
    "left": lazy("Has left the institution"),
    "other-work": lazy("Does other work now"),
    "danger": lazy("Somebody else may have the password or the telephone"),
}
TO_REOPEN: Final[Mapping[str, Any]] = {
    "back": lazy("Has come back"),
    "mistake": lazy("Was closed by mistake"),
}


def chosen(reasons: Mapping[str, object]) -> str:
    """The reason of the form, if it is one of these; nothing for any other."""
    reason = request.form.get("reason", "")
    return reason if reason in reasons else ""
