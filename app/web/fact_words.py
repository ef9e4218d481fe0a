"""Facts about a participant as fields and in words; what each may be is said by the instruments that read it."""

import re
from collections.abc import Mapping
from typing import Any

from app.questionnaires.definition import Fact
from app.web.locale import _, lazy
from app.web.question_words import plain

NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)

TITLES: Mapping[str, Any] = {
    "Age in years": lazy("Age in years"),
    "Has a stoma: 1 = yes, 0 = no": lazy("Has a stoma"),
    "Has a urostomy: 1 = yes, 0 = no": lazy("Has a urostomy"),
    "Has had breast surgery: 1 = yes, 0 = no": lazy("Has had breast surgery"),
    "Has had lung surgery: 1 = yes, 0 = no": lazy("Has had lung surgery"),
    "Retired, or without a job by choice for other reasons than the problem: 1 = yes, 0 = no": lazy(
        "Retired, or without a job by choice for other reasons than the problem"
    ),
    "Sex": lazy("Sex"),
    "Uses a catheter: 1 = yes, 0 = no": lazy("Uses a catheter"),
    "Wears an incontinence aid: 1 = yes, 0 = no": lazy("Wears an incontinence aid"),
}
"""The titles in the instruments that the project ships; another instrument's title stands as it is."""
VALUES: Mapping[str, Any] = {"female": lazy("female"), "male": lazy("male")}


def title(fact: Fact) -> str:
    """What is known."""
    return str(TITLES.get(fact.title, fact.title))


def is_yes_or_no(fact: Fact) -> bool:
    """Whether it is written as 1 and 0."""
    return (fact.minimum, fact.maximum) == (0, 1)


def options(fact: Fact) -> list[tuple[str, str]]:
    """What can be chosen; nothing where a number is written."""
    if is_yes_or_no(fact):
        return [("1", _("yes")), ("0", _("no"))]
    return [(value, str(VALUES.get(value, value))) for value in fact.values or ()]


def value_word(fact: Fact, value: float | str | None) -> str:
    """A value as one reads it."""
    if value is None:
        return _("not known")
    return dict(options(fact)).get(written(value)) or (value if isinstance(value, str) else plain(value))


def written(value: float | str | None) -> str:
    """A value as its field holds it."""
    return "" if value is None else value if isinstance(value, str) else f"{value:g}"


def read(fact: Fact, raw: str) -> float | str | None:
    """The value that a field says; None for one that the fact cannot have."""
    if fact.values is not None:
        return raw if raw in fact.values else None
    number = raw.replace(",", ".")
    if fact.minimum is None or fact.maximum is None or not NUMBER.fullmatch(number):
        return None
    return float(number) if fact.minimum <= float(number) <= fact.maximum else None
