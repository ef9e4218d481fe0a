"""Words of the messages: one folder of templates per kind, one complete text per language, as a committee reads it.

A message says nothing about anybody's health, and does not name the study: a title can tell a diagnosis. Whoever reads
it on a locked screen learns that there is a questionnaire.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.units import format_unit

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, locale

TEMPLATES = Path(__file__).parent / "templates"
KINDS = ("invitation", "reminder", "last-call")
DAY = "EEEE d MMMM y"
FIRST_OF_MONTH = {"fr": "EEEE '1er' MMMM y"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message may tell: where to answer, how long it takes, and the last day on which it is open."""

    link: str
    account: str
    minutes: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Text:
    """A message without its recipient."""

    language: str
    subject: str
    text: str


def compose(kind: str, language: str, facts: Facts) -> Text:
    """The message in the language of its reader, or in the default one where it is not written in that language.

    KeyError for a kind that there is none of.
    """
    spoken = language if language in LANGUAGES else DEFAULT_LANGUAGE
    subject, body = _template(kind, spoken)
    words = {
        "link": facts.link,
        "account": facts.account,
        "duration": format_unit(facts.minutes, "duration-minute", locale=locale(spoken)),
        "last_day": _day(facts.last_day, spoken),
    }
    return Text(spoken, subject, body.format_map(words))


def _day(on: date, language: str) -> str:
    pattern = FIRST_OF_MONTH.get(language, DAY) if on.day == 1 else DAY
    return format_date(on, pattern, locale=locale(language))


@cache
def _template(kind: str, language: str) -> tuple[str, str]:
    """Subject and body: the first line, and what follows the empty line after it."""
    if kind not in KINDS:
        raise KeyError(kind)
    subject, body = (TEMPLATES / kind / f"{language}.txt").read_text(encoding="utf-8").split("\n\n", 1)
    return subject.removeprefix("Subject: "), body
