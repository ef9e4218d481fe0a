"""A date of birth that is typed: a day on which somebody alive can have been born."""

from typing import Any

from wtforms import DateField
from wtforms.validators import Optional, StopValidation

from app.identity.batch_file import OLDEST_BIRTH
from app.web.locale import _, lazy
from app.web.request import current

FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
"""As browsers send it, and as it is written where a browser has no field for dates."""


def birth_date() -> Any:
    """The field of a form."""
    return DateField(lazy("Date of birth"), [Optional(), _possible], format=FORMATS)


def _possible(_form: Any, field: Any) -> None:
    if field.data is None:
        field.errors.clear()  # the library's own words are in English
        raise StopValidation(_("This is no date that we can read. Write it like 29/11/1953 or 1953-11-29."))
    if not OLDEST_BIRTH <= field.data <= current.at.date():
        raise StopValidation(_("Check the date of birth: it cannot be right."))
