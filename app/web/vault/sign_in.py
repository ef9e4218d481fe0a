"""The vault's sign-in: the only page that sees a participant's address and password. It hands on a pseudonym."""

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, PasswordField
from wtforms.validators import InputRequired, Length

from app import demo_accounts
from app.i18n import LANGUAGES
from app.identity import assertions, blind_index, ledger, people
from app.identity.models import Person
from app.web.access import Who, allow
from app.web.limits import SIGN_INS_PER_ORIGIN, SIGN_INS_PER_PERSON, limiter, person_key
from app.web.locale import COOKIE, _, lazy
from app.web.request import current

bp = Blueprint("vault_sign_in", __name__)
STATE = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
TOO_LONG = lazy("This is too long.")


class SignInForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What a participant types."""

    email = EmailField(
        validators=[InputRequired(lazy("Enter your e-mail address.")), Length(max=254, message=TOO_LONG)]
    )
    password = PasswordField(
        validators=[InputRequired(lazy("Enter your password.")), Length(max=1000, message=TOO_LONG)]
    )


def typed_person() -> str:
    """Whose tries are counted, whether or not there is such a person."""
    return person_key(blind_index.email_key(request.form.get("email", "")))


@bp.route("/vault/sign-in", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(SIGN_INS_PER_PERSON, methods=["POST"], key_func=typed_person)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """The form; an unknown address and a wrong password get one and the same answer, in the same time."""
    state = request.values.get("state", "")
    if not STATE.fullmatch(state):
        # Bookmarked or typed: a sign-in begins on the study side, which must recognise its own state afterwards.
        return redirect(f"{current.config.way_to_study}/sign-in")
    _read_on_in(request.args.get("lang", ""))
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        person = _authenticated(form)
        if person is not None:
            return _hand_over(person, form, state)
        form.form_errors.append(
            _("This address and this password do not go together. Please check both and try again.")
        )
    status = 422 if form.errors else 200
    return render_template("vault/sign_in.html", form=form, state=state, demo=_demo()), status


def _authenticated(form: SignInForm) -> Person | None:
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("vault") as reading:
        return people.authenticate(reading, form.email.data or "", form.password.data or "")


def _hand_over(person: Person, form: SignInForm, state: str) -> Response:
    """Back to the study side with a signed pseudonym, and nothing else of the person."""
    people.renew_hash(current.vault, person.id, form.password.data or "")
    pseudonym = people.pseudonym_of(current.vault, person, people.ACCOUNT)
    ledger.record(current.vault, current.at, f"account:{pseudonym}", "signed-in", f"account:{pseudonym}")
    assertion = assertions.issue(
        current.config.assertion_private_key or "",
        pseudonym,
        current.config.public_url,
        state,
        current.at,
    )
    return redirect(f"{current.config.way_to_study}/session?{urlencode({'assertion': assertion})}", 303)


def _read_on_in(language: str) -> None:
    """The language that the person was reading on the study side, unless another was chosen in this browser."""
    if language in LANGUAGES and COOKIE not in request.cookies:
        current.language = language


def _demo() -> tuple[str, str] | None:
    """The sign-in that the demonstration shows to everybody."""
    return (demo_accounts.DEMO_PATIENT_EMAIL, demo_accounts.DEMO_PATIENT_PASSWORD) if current.config.is_demo else None
