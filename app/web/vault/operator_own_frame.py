"""The page of an operator's own access, with the forms on it, for the views that change something there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import session
from wtforms import Form

from app.identity import (
    ledger,
    operator_contacts,
    operator_factors,
    operator_own_sign_ins,
    operator_passkeys,
    operators,
)
from app.identity.models import LedgerEntry
from app.identity.sign_in_models import Operator
from app.passkeys import ceremony
from app.web import proof
from app.web.limits import person_key
from app.web.locale import _, lazy
from app.web.own_places import OwnPlaces
from app.web.passkey_answers import NameForm
from app.web.proof import NewPasswordForm
from app.web.request import current
from app.web.vault import operator_frame
from app.web.vault.duty import HELD, operator

SHOWN_FOR = timedelta(days=90)
CHANGES = {
    "operator.password-changed": lazy("Password changed"),
    "operator.password-chosen": lazy("Password chosen by a one-time link"),
    "operator.reset-link-made": lazy("One-time link made for a new password"),
    "operator.second-factor-dropped": lazy("App and recovery codes taken away"),
    "operator.second-factor-set-up": lazy("App set up"),
    "operator.recovery-codes-renewed": lazy("Recovery codes renewed"),
    "operator.passkey-added": lazy("Passkey added"),
    "operator.passkey-removed": lazy("Passkey removed"),
    "operator.passkey-stopped": lazy("Passkey stopped: there may be a copy of it"),
    "operator.sign-ins-ended": lazy("Signed out elsewhere"),
    "operator.signed-out-everywhere": lazy("Signed out everywhere"),
    "operator.account-closed": lazy("Account closed"),
    "operator.account-reopened": lazy("Account opened again"),
    "operator.address-given": lazy("Address given, not confirmed yet"),
    "operator.address-confirmed": lazy("Address confirmed"),
    "operator.address-forgotten": lazy("Address deleted"),
}
"""What an operator is shown of the own entries in the ledger, with an address or without."""
ACCOUNT, PROOF = "vault_operator_own.account", "vault_operator_proof.prove"
PLACES = OwnPlaces(
    heading=lazy("My sign-in"),
    eyebrow=lazy("Trusted third party"),
    demonstration=lazy(
        "In the demonstration a password is enough. Everywhere else operators sign in with a second factor: a code of "
        "an app on their telephone."
    ),
    account=ACCOUNT,
    proof=PROOF,
    proof_by_passkey="vault_operator_proof.by_passkey",
    sign_in_by_passkey="vault_operator_passkey_sign_in.start",
    sign_ins="vault_operator_own.end_sign_ins",
    codes="vault_operator_own.renew_codes",
    app="vault_operator_own.change_factor",
    change="vault_operator_own.change_password",
    passkey_start="vault_operator_passkeys.start",
    passkey_add="vault_operator_passkeys.add",
    passkey_remove="vault_operator_passkeys.remove",
)


def oneself() -> str:
    """Whose tries are counted: whoever sits at somebody else's screen must not guess the password there."""
    return person_key(f"own password of operator {current.operator}")


def proven_as() -> str:
    """Who has to have shown that it is you, before anything here changes."""
    return f"operator:{operator()}"


def key() -> str:
    """The key that this browser holds."""
    return str(session[HELD])


def page(
    password_form: Form | None = None,
    passkey_form: NameForm | None = None,
    wrong: Mapping[str, str] | None = None,
    address: str = "",
) -> tuple[str, int]:
    """The page, with what was typed into one of its forms; ``wrong`` and ``address``: of the one for an address."""
    who = operator()
    forms = [password_form or NewPasswordForm(), passkey_form or NameForm()]
    contact = operator_contacts.of(current.vault, who)
    held = operator_passkeys.kept(current.vault).listed(who)
    shown = operator_frame.page(
        "vault/operator_own.html",
        places=PLACES,
        person=current.vault.get_one(Operator, who),
        forms=forms,
        held=operator_own_sign_ins.listed(current.vault, who, key(), current.at),
        codes_left=operator_factors.recovery_codes(current.vault).left(who),
        passkeys=held,
        passkey_names={row.handle: row.name for row in held},
        place=ceremony.place_of(current.config.vault_url),
        is_proven=proof.is_given(proven_as()),
        contact=contact,
        has_address=contact.address is not None,
        address_page="#own-address",
        errors=wrong or {},
        address=address,
        changes=[(entry, CHANGES[entry.action], _by(entry)) for entry in _changes()],
    )
    return shown, 422 if wrong or any(form.errors for form in forms) else 200


def _changes() -> Sequence[LedgerEntry]:
    return ledger.about(current.vault, proven_as(), CHANGES, current.at - SHOWN_FOR)


def _by(entry: LedgerEntry) -> str:
    """Who did it: the operator, another one by name, or whoever runs the vault."""
    kind, _colon, number = entry.actor.partition(":")
    if entry.actor == entry.subject:
        return _("by you")
    names = operators.names(current.vault)
    return names[int(number)] if kind == "operator" and number.isdigit() else _("by whoever runs the vault")


def record(action: str) -> None:
    """Write down what the operator did with the own access."""
    operator_frame.record(operator(), action, proven_as())
