"""The pages of those who work for the trusted third party: sign in, ask to open an identity, decide, read it."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import demo_accounts
from app.errors import Refusal
from app.identity import operator_contacts, operators, unmasking
from app.identity.models import Unmasking
from app.identity.unmasking import State
from app.passkeys import ceremony
from app.web.access import Who, allow
from app.web.browser_names import browser_name
from app.web.errors import explained
from app.web.limits import SIGN_INS_PER_ORIGIN, SIGN_INS_PER_PERSON, guesses_key, know_again, limiter
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault.duty import HELD, operator
from app.web.vault.operator_frame import page, record
from app.web.vault.operator_proving import TRIES, welcome

bp = Blueprint("vault_operators", __name__)
TOO_LONG = lazy("This is too long.")
STATES = {
    State.WAITING: (lazy("Waits for another operator"), "due"),
    State.OPEN: (lazy("Open"), "started"),
    State.CLOSED: (lazy("Closed again"), "closed"),
    State.REFUSED: (lazy("Refused"), "closed"),
    State.LAPSED: (lazy("Nobody decided in time"), "closed"),
}
DECISIONS = {"approve": unmasking.approve, "refuse": unmasking.refuse}


class SignInForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What an operator types."""

    login = StringField(validators=[InputRequired(lazy("Enter your login.")), Length(max=80, message=TOO_LONG)])
    password = PasswordField(
        validators=[InputRequired(lazy("Enter your password.")), Length(max=1000, message=TOO_LONG)]
    )


class AskForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Whose identity, and why."""

    pseudonym = StringField(
        lazy("Pseudonym"),
        [InputRequired(lazy("Enter the pseudonym.")), Length(max=40, message=TOO_LONG)],
        description=lazy("Of the account, or of the participant in a study."),
    )
    reason = TextAreaField(
        lazy("Reason"),
        [
            InputRequired(lazy("Write the reason, so that others understand it later.")),
            Length(min=unmasking.SHORTEST_REASON, message=lazy("Write the reason in a whole sentence.")),
            Length(max=1000, message=TOO_LONG),
        ],
        description=lazy("The person reads it on the account, word for word. Name nobody and no illness."),
    )


def typed_operator() -> str:
    """Whose tries are counted, whether or not there is such a login."""
    return guesses_key(_typed_login())


def _typed_login() -> str:
    return f"operator {operators.login_key(request.form.get('login', ''))}"


@bp.route("/vault/operators/sign-in", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(SIGN_INS_PER_PERSON, methods=["POST"], key_func=typed_operator)
@allow(Who.ANYONE)
def sign_in() -> Any:
    """The form; a wrong login and a wrong password get one and the same answer."""
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        # Hashing takes a while: nobody may wait for the write lock meanwhile.
        with current.reader("vault") as reading:
            found = operators.authenticate(reading, form.login.data, form.password.data)
        if found is not None:
            return know_again(_open(found.id), _typed_login())
        form.form_errors.append(_("This login and this password do not go together. Please check both and try again."))
        return TRIES.note_wrong_password(_sign_in_page(form), form.login.data)
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm) -> tuple[str, int]:
    demo, place = (
        demo_accounts.DEMO_OPERATORS if current.config.is_demo else (),
        ceremony.place_of(current.config.vault_url),
    )
    page = render_template("vault/operator_sign_in.html", form=form, demo=demo, place=place)
    return page, 422 if form.errors else 200


def _open(who: int) -> Response:
    """To the requests or, outside the demonstration, half-way: to the second factor or to setting one up."""
    is_half = current.config.needs_second_factor
    operators.end(current.vault, session.get(HELD, ""), current.at)
    session.clear()
    session[HELD] = operators.open_sign_in(
        current.vault, who, current.at, is_half=is_half, browser=None if is_half else browser_name()
    )
    if is_half:
        record(who, "operator.password-given", f"operator:{who}")
        return redirect(url_for("vault_operator_factor.prove"), 303)
    welcome(who, None)
    return redirect(url_for("vault_operators.requests"), 303)


@bp.post("/vault/operators/sign-out")
@allow(Who.OPERATOR)
def sign_out() -> Response:
    """The key is worth nothing any more."""
    operators.end(current.vault, session.pop(HELD), current.at)
    record(operator(), "operator.signed-out", f"operator:{operator()}")
    return redirect(url_for("vault_operators.sign_in"), 303)


@bp.route("/vault/operators", methods=["GET", "POST"])
@allow(Who.OPERATOR)
def requests() -> Any:
    """What was asked for and what became of it; a new request is written at the end."""
    form = AskForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            asked = unmasking.ask(current.vault, form.pseudonym.data, form.reason.data, operator(), current.at)
        except Refusal as refusal:
            form.pseudonym.errors = [explained(refusal)[1]]
        else:
            record(operator(), "identity.asked-for", asked.pseudonym, asked)
            return redirect(url_for("vault_operators.unmask", key=asked.key), 303)
    page = _page(
        "vault/operator_requests.html",
        form=form,
        requests=unmasking.requests(current.vault),
        has_address=operator_contacts.of(current.vault, operator()).address is not None,
    )
    return page, 422 if form.errors else 200


@bp.get("/vault/operators/requests/<key>")
@allow(Who.OPERATOR)
def unmask(key: str) -> str:
    """One request, with what the operator of this page can do about it."""
    return _page("vault/operator_request.html", asked=_found(key))


@bp.post("/vault/operators/requests/<key>/<any(approve, refuse):act>")
@allow(Who.OPERATOR)
def decide(key: str, act: str) -> Response:
    """Another operator than the one who asked says yes or no."""
    asked = DECISIONS[act](current.vault, _found(key).key, operator(), current.at)
    record(operator(), f"identity.{act}d", asked.pseudonym, asked)
    return redirect(url_for("vault_operators.unmask", key=key), 303)


@bp.post("/vault/operators/requests/<key>/identity")
@allow(Who.OPERATOR)
def read(key: str) -> str:
    """The identity itself, for whoever asked, while it is open; each look is in the ledger."""
    asked, identity = unmasking.read(current.vault, _found(key).key, operator(), current.at)
    record(operator(), "identity.read", asked.pseudonym, asked)
    return _page("vault/operator_identity.html", asked=asked, identity=identity)


def _found(key: str) -> Unmasking:
    return unmasking.find(current.vault, key) or abort(404)


def _page(template: str, **facts: Any) -> str:
    return page(template, states=STATES, state_of=lambda asked: unmasking.state(asked, current.at), **facts)
