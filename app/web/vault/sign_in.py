"""The vault's sign-in: the only page that sees a participant's address and password. It hands on a pseudonym."""

from typing import Any

from flask import Blueprint, render_template, request, session
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, PasswordField
from wtforms.validators import InputRequired, Length

from app import demo_accounts
from app.identity import blind_index, people
from app.identity.models import Person
from app.passkeys import ceremony
from app.web.access import Who, allow
from app.web.limits import SIGN_INS_PER_ORIGIN, SIGN_INS_PER_PERSON, guesses_key, know_again, limiter
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault import states
from app.web.vault.handing_over import TOWARDS, hand_over
from app.web.vault.proving import TRIES

bp = Blueprint("vault_sign_in", __name__)
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
    return guesses_key(_typed_address())


@bp.route("/vault/sign-in", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(SIGN_INS_PER_PERSON, methods=["POST"], key_func=typed_person)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """The form; an unknown address and a wrong password get one and the same answer, in the same time."""
    state = states.given()
    if state is None:
        return states.begin()
    states.read_on_in(request.args.get("lang", ""))
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        person = _authenticated(form)
        if person is not None:
            return know_again(_hand_over(person, form, state), _typed_address())
        form.form_errors.append(
            _("This address and this password do not go together. Please check both and try again.")
        )
        return TRIES.note_wrong_password(_page(form, state), form.email.data)
    return _page(form, state)


def _page(form: SignInForm, state: str) -> tuple[str, int]:
    status = 422 if form.errors else 200
    page = render_template(
        "vault/sign_in.html",
        form=form,
        state=state,
        demo=_demo(),
        place=ceremony.place_of(current.config.vault_url),
        is_towards_security=session.get(TOWARDS) == state,
    )
    return page, status


def _typed_address() -> str:
    return blind_index.email_key(request.form.get("email", ""))


def _authenticated(form: SignInForm) -> Person | None:
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("vault") as reading:
        return people.authenticate(reading, form.email.data or "", form.password.data or "")


def _hand_over(person: Person, form: SignInForm, state: str) -> Response:
    people.renew_hash(current.vault, person.id, form.password.data or "")
    return hand_over(person, state, "signed-in")


def _demo() -> tuple[str, str] | None:
    """The sign-in that the demonstration shows to everybody."""
    return (demo_accounts.DEMO_PATIENT_EMAIL, demo_accounts.DEMO_PATIENT_PASSWORD) if current.config.is_demo else None
