"""Who one is, shown once more before one changes how to sign in: by password and code, or by a passkey.

Whoever finds a screen open must not change its owner's ways in. It holds for some minutes, in the browser's own signed
cookie, and ends with the sign-in.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import flash, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.passkeys.ceremony import Refused
from app.passkeys.kept import WentBack
from app.web import challenges
from app.web.code_form import LONGEST
from app.web.locale import _, lazy
from app.web.request import current

log = structlog.get_logger("weshare.web")
View = TypeVar("View", bound=Callable[..., Any])
PROVEN = "proven"
HOLDS = timedelta(minutes=10)
TOO_LONG = lazy("This is too long.")
ENTER_PASSWORD = lazy("Enter your password.")


class ProofForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The password, and a code of the app where one is asked for at sign-in."""

    own_password = PasswordField(validators=[InputRequired(ENTER_PASSWORD), Length(max=1000, message=TOO_LONG)])
    own_code = StringField(validators=[Length(max=LONGEST, message=TOO_LONG)])


class NewPasswordForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The password of today, and the one from now on."""

    old_password = PasswordField(validators=[InputRequired(ENTER_PASSWORD), Length(max=1000, message=TOO_LONG)])
    password = PasswordField(
        validators=[InputRequired(lazy("Enter your new password.")), Length(max=1000, message=TOO_LONG)]
    )


def is_shown(form: ProofForm, is_password: Callable[[str], bool], is_code: Callable[[str], bool]) -> bool:
    """Whether password and code are right; if not, the form says which. A code is used up by a right password only."""
    asks_code = current.config.needs_second_factor
    if asks_code and not (form.own_code.data or "").strip():
        form.validate()
        form.own_code.errors = [_("Enter the code.")]
        return False
    if not form.validate():
        return False
    if not is_password(form.own_password.data or ""):
        form.own_password.errors = [_("This is not your password of today.")]
    elif asks_code and not is_code(form.own_code.data or ""):
        form.own_code.errors = [
            _("This code does not fit, or was used already. Wait for the next one, then type it in.")
        ]
    return not form.errors


def is_shown_by_passkey(purpose: str, is_own: Callable[[str, bytes], bool], stopped: Callable[[], None]) -> bool:
    """Whether a passkey of one's own has answered the challenge of that purpose; if not, the next page says so.

    ``is_own`` takes the device's answer and the challenge; it raises Refused and WentBack as app/passkeys/kept.py does.
    ``stopped`` puts on record that a passkey was copied.
    """
    held = challenges.take(purpose)
    try:
        if held is None:
            raise Refused("no-challenge")
        if not is_own(request.form.get("credential", ""), held.challenge):
            raise Refused("somebody-else")
    except Refused as refused:
        log.info("passkey refused", request_id=current.id, reason=refused.reason)
    except WentBack:
        stopped()
    else:
        return True
    flash(_("This passkey is not yours, or was not used. Try again, or type your password."), "error")
    return False


def give(who: str) -> None:
    """It was shown, just now, by whom."""
    session[PROVEN] = [who, int((current.at + HOLDS).timestamp())]


def is_given(who: str) -> bool:
    """Whether it was shown by the same one, and not too long ago."""
    held = session.get(PROVEN)
    return held is not None and held[0] == who and current.at.timestamp() < held[1]


def needed(who: Callable[[], str], page: str) -> Callable[[View], View]:
    """Let a view be called after a proof alone; ``page`` asks for it, and says why."""

    def declare(view: View) -> View:
        @wraps(view)
        def asked(*args: Any, **kwargs: Any) -> Any:
            if is_given(who()):
                return view(*args, **kwargs)
            flash(_("First show once more that it is you. That holds for ten minutes."), "info")
            return redirect(url_for(page), 303)

        return asked  # type: ignore[return-value]

    return declare


def missing() -> tuple[Response, int]:
    """What a script is told that asks without a proof."""
    sentence = _("Your ten minutes are over. Reload the page, and show once more that it is you.")
    return jsonify(error="proof-needed", message=sentence), 403
