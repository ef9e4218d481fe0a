"""What a list of participants has in its columns, and what can be wrong on a line, with what to do about it."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

COLUMN_NAMES: Mapping[str, Any] = {
    "subject": lazy("Subject code"),
    "given_name": lazy("Given name"),
    "family_name": lazy("Family name"),
    "birth_date": lazy("Date of birth"),
    "email": lazy("E-mail"),
    "phone": lazy("Telephone"),
    "postal_address": lazy("Postal address"),
}
MISTAKES: Mapping[str, Any] = {
    "missing": lazy("Nothing stands here. Fill it in; every person needs it."),
    "too-long": lazy("The text is too long. Shorten it."),
    "code": lazy("A subject code has letters, digits and - only, at most 40. Correct it."),
    "not-agreed": lazy(
        "This code is not among those that you entered in the study. Correct it, or begin again there with this code."
    ),
    "letters": lazy(
        "There are signs here that no name has: accents were probably lost. Save the file as “CSV UTF-8” and choose it "
        "again."
    ),
    "date": lazy("This is no date that we can read. Write it like 29/11/1953 or 1953-11-29."),
    "birth": lazy("Nobody alive can have been born on this day. Check the year."),
    "email": lazy("This is no e-mail address such as name@example.org. Correct it, or leave it empty."),
    "phone": lazy("This is no telephone number. Write it like +33 6 12 34 56 78, or leave it empty."),
    "twice": lazy("The same stands on line %(other)s already. Correct one of the two, or take one line out."),
    "cells": lazy("There are more cells than columns. A text with a separator in it must stand in quotes."),
    "of-another": lazy(
        "Under this code somebody else was entered before. Check the code; if it is right, ask the trusted third party."
    ),
}
"""Why a line is refused."""
