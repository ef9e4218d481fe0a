"""The page of a professional's own access, with the forms on it, for the views that change something there."""

from flask import render_template, url_for
from wtforms import Form

from app.accounts import factors, own_sign_ins, passkeys, staff_contacts
from app.accounts.models import Staff
from app.audit import trail
from app.passkeys import ceremony
from app.web import proof
from app.web.access import staff_of
from app.web.limits import person_key
from app.web.locale import lazy
from app.web.own_places import OwnPlaces
from app.web.passkey_answers import NameForm
from app.web.proof import NewPasswordForm
from app.web.request import current
from app.web.session import holder

ACCOUNT, PROOF = "investigator_own_account.account", "investigator_own_proof.prove"
PLACES = OwnPlaces(
    heading=lazy("My access"),
    eyebrow=None,
    demonstration=lazy(
        "In the demonstration a password is enough. Everywhere else professionals sign in with a second factor: a code "
        "of an app on their telephone."
    ),
    account=ACCOUNT,
    proof=PROOF,
    proof_by_passkey="investigator_own_proof.by_passkey",
    sign_in_by_passkey="investigator_passkey_sign_in.start",
    sign_ins="investigator_own_account.end_sign_ins",
    codes="investigator_own_account.renew_codes",
    app="investigator_own_account.change_factor",
    change="investigator_own_account.change_password",
    passkey_start="investigator_own_passkeys.start",
    passkey_add="investigator_own_passkeys.add",
    passkey_remove="investigator_own_passkeys.remove",
)


def oneself() -> str:
    """Whose tries are counted: whoever sits at somebody else's screen must not guess the password there."""
    who = current.person.staff if current.person is not None else None
    return person_key(f"own password of {who}")


def proven_as() -> str:
    """Who has to have shown that it is you, before anything here changes."""
    return f"staff:{staff_of(current.person)}"


def page(password_form: Form | None = None, passkey_form: NameForm | None = None) -> tuple[str, int]:
    """The page, with what was typed into one of its forms."""
    who = staff_of(current.person)
    forms = [password_form or NewPasswordForm(), passkey_form or NameForm()]
    held = passkeys.kept(current.session).listed(who)
    shown = render_template(
        "own/access.html",
        places=PLACES,
        person=current.session.get_one(Staff, who),
        forms=forms,
        held=own_sign_ins.listed(current.session, holder(), current.at),
        codes_left=factors.recovery_codes(current.session).left(who),
        passkeys=held,
        passkey_names={row.handle: row.name for row in held},
        place=ceremony.place_of(current.config.public_url),
        has_address=staff_contacts.address_of(current.session, who) is not None,
        address_page=url_for("investigator_own_messages.messages"),
        is_proven=proof.is_given(proven_as()),
    )
    return shown, 422 if any(form.errors for form in forms) else 200


def record(action: str) -> None:
    """Write down what the professional did with the own access."""
    who = proven_as()
    trail.record(current.session, current.at, who, action, who, request_id=current.id)
