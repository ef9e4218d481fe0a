"""The form for a code of an authenticator app, or one on paper in its place."""

from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length

from app.web.locale import lazy

LONGEST = 40


class CodeForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What the app shows."""

    code = StringField(
        validators=[InputRequired(lazy("Enter the code.")), Length(max=LONGEST, message=lazy("This is too long."))]
    )
