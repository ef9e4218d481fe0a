"""An operator signs a person out everywhere, on that person's request; the person is told, and reads when and why."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from wtforms import Form, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from app.errors import Refusal
from app.identity import people, sign_outs
from app.identity.models import Person
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import CODES_PER_PERSON, limiter, person_key
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_frame import page, record
from app.web.vault.sign_out_words import REASONS

bp = Blueprint("vault_operator_people", __name__)


class SignOutForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Who, and why."""

    who = StringField(
        lazy("E-mail address or pseudonym"),
        [
            InputRequired(lazy("Enter the address or the pseudonym.")),
            Length(max=254, message=lazy("This is too long.")),
        ],
        description=lazy("As the person gives it to you. Make sure that it really is this person who asks."),
    )
    # Asked for before anybody is looked for: what is missing must not tell whether somebody was found.
    reason = StringField(
        lazy("Reason"),
        [AnyOf(tuple(REASONS), message=lazy("Choose a reason."))],
        description=lazy("The person reads it on the account."),
    )


def oneself() -> str:
    """Whose requests are counted: one operator alone must not sign everybody out, nor look for people by it."""
    return person_key(f"sign-outs by operator {current.operator}")


@bp.route("/vault/operators/sign-outs", methods=["GET", "POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=oneself)
@allow(Who.OPERATOR)
def end_sign_ins() -> Any:
    """The form; an address that nobody has gets the same answer, so that one operator alone finds nobody by it."""
    form = SignOutForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            person = sign_outs.find(current.vault, form.who.data)
            if person is not None:
                _end(person, form.reason.data)
        except Refusal as refusal:
            form.who.errors = [explained(refusal)[1]]
        else:
            flash(
                _(
                    "If this is the address or pseudonym of somebody here, that person is signed out everywhere within "
                    "a minute, and gets a letter."
                ),
                "success",
            )
            return redirect(url_for("vault_operator_people.end_sign_ins"), 303)
    return page("vault/operator_people.html", form=form, reasons=REASONS.items()), 422 if form.errors else 200


def _end(person: Person, reason: str) -> None:
    sign_outs.ask(
        current.vault, person, reason, operator(), f"{current.config.public_url}/account/identity", current.at
    )
    account = people.pseudonym_of(current.vault, person, people.ACCOUNT)
    record(operator(), "person.signed-out", f"account:{account}", reason=reason)
