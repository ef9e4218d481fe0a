"""The page of a participant's ways in, with the forms on it, for the views that change something there."""

from flask import render_template
from wtforms import Form

from app.identity import identities, passkeys, people, person_factors
from app.identity.models import Person
from app.passkeys import ceremony
from app.web.passkey_answers import NameForm
from app.web.proof import NewPasswordForm
from app.web.request import current
from app.web.vault.duty import owner


def page(form: NameForm | None = None, password_form: Form | None = None) -> tuple[str, int]:
    """The page, with what was typed into one of its forms."""
    person = current.vault.get_one(Person, owner())
    forms = [form or NameForm(), password_form or NewPasswordForm()]
    shown = render_template(
        "vault/security.html",
        forms=forms,
        address=identities.read(current.vault, person).email,
        passkeys=passkeys.kept(current.vault).listed(person.id),
        names=passkeys.names(current.vault, person.id),
        place=ceremony.place_of(current.config.vault_url),
        is_on=person_factors.is_on(current.vault, person.id, current.at),
        codes_left=person_factors.recovery_codes(current.vault).left(person.id),
        has_password=people.has_password(person),
    )
    return shown, 422 if any(one.errors for one in forms) else 200
