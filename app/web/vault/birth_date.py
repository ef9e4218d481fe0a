"""A date of birth that is typed: a day on which somebody alive can have been born."""

from typing import Any

from wtforms.validators import ValidationError

from app.identity.batch_file import OLDEST_BIRTH
from app.web.locale import _
from app.web.request import current


def possible(_form: Any, field: Any) -> None:
    """A validator for forms."""
    if not OLDEST_BIRTH <= field.data <= current.at.date():
        raise ValidationError(_("Check the date of birth: it cannot be right."))
