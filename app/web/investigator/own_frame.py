"""The page of a professional's own access, with the forms on it, for the views that change something there."""

from flask import render_template
from wtforms import Form, PasswordField
from wtforms.validators import InputRequired, Length

from app.accounts import factors, own_sign_ins, passkeys, staff
from app.accounts.models import Staff
from app.audit import trail
from app.passkeys import ceremony
from app.web.access import staff_of
from app.web.limits import person_key
from app.web.locale import _, lazy
from app.web.passkey_answers import NameForm
from app.web.request import current
from app.web.session import holder

TOO_LONG = lazy("This is too long.")
ENTER_PASSWORD = lazy("Enter your password.")


class PasswordForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The password of today, and the one from now on."""

    old_password = PasswordField(validators=[InputRequired(ENTER_PASSWORD), Length(max=1000, message=TOO_LONG)])
    password = PasswordField(
        validators=[InputRequired(lazy("Enter your new password.")), Length(max=1000, message=TOO_LONG)]
    )


class FactorForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The password, once more, before the second factor changes."""

    own_password = PasswordField(validators=[InputRequired(ENTER_PASSWORD), Length(max=1000, message=TOO_LONG)])


class PasskeyForm(NameForm):
    """A new passkey, and the password once more: the device knows its holder, and not whose screen this is."""

    passkey_password = PasswordField(validators=[InputRequired(ENTER_PASSWORD), Length(max=1000, message=TOO_LONG)])


def oneself() -> str:
    """Whose tries are counted: whoever sits at somebody else's screen must not guess the password there."""
    who = current.person.staff if current.person is not None else None
    return person_key(f"own password of {who}")


def is_own(who: int, field: PasswordField) -> bool:
    """Whether the professional's password was typed; if not, the field says so."""
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("study") as reading:
        login = reading.get_one(Staff, who).login
        is_right = staff.authenticate(reading, login, field.data or "") is not None
    if not is_right:
        field.errors = [_("This is not your password of today.")]
    return is_right


def page(
    password_form: Form | None = None, factor_form: Form | None = None, passkey_form: NameForm | None = None
) -> tuple[str, int]:
    """The page, with what was typed into one of its forms."""
    who = staff_of(current.person)
    forms = [password_form or PasswordForm(), factor_form or FactorForm(), passkey_form or PasskeyForm()]
    held = passkeys.kept(current.session).listed(who)
    shown = render_template(
        "investigator/own_account.html",
        me=current.session.get_one(Staff, who),
        forms=forms,
        held=own_sign_ins.listed(current.session, holder(), current.at),
        codes_left=factors.recovery_codes(current.session).left(who),
        passkeys=held,
        names={row.handle: row.name for row in held},
        place=ceremony.place_of(current.config.public_url),
    )
    return shown, 422 if any(form.errors for form in forms) else 200


def record(action: str) -> None:
    """Write down what the professional did with the own access."""
    who = f"staff:{staff_of(current.person)}"
    trail.record(current.session, current.at, who, action, who, request_id=current.id)
