"""A new password: typed once, and refused where it is too short or easy to guess for whoever knows the person."""

from wtforms import Form, PasswordField
from wtforms.validators import InputRequired, Length

from app.errors import Refusal
from app.identity import people
from app.identity.models import Person
from app.web.errors import explained
from app.web.locale import lazy
from app.web.request import current

TOO_LONG = lazy("This is too long.")


class PasswordForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """The new password; typed once, and seen by whoever wants to with the browser's own means."""

    password = PasswordField(
        validators=[InputRequired(lazy("Enter your new password.")), Length(max=1000, message=TOO_LONG)]
    )


def is_good(form: PasswordForm, person: Person) -> bool:
    """Whether the new password can be taken; if not, the form says why."""
    if not form.validate():
        return False
    weakness = people.weakness_of(current.vault, person, form.password.data or "")
    if weakness is not None:
        form.password.errors = [explained(Refusal(weakness))[1]]
    return weakness is None
