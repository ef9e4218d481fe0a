"""Words of the messages: one folder of templates per kind, one complete text per language, as a committee reads it.

A message says nothing about anybody's health, and does not name the study: a title can tell a diagnosis. Whoever reads
it on a locked screen learns that there is a questionnaire.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date
from babel.units import format_unit

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, locale
from app.notices import html

TEMPLATES = Path(__file__).parent / "templates"
VISIT_KINDS: Final = ("invitation", "reminder", "last-call")
"""Those that a protocol's ladder sends, and that a telephone can show."""
DIGEST: Final = "digest"
KINDS: Final = (
    *VISIT_KINDS,
    DIGEST,
    "receipt",
    "results",
    "announcement",
    "study-news",
    "consent",
    "staff-digest",
    "staff-alert",
    "staff-code",
    "staff-changed",
    "staff-address-changed",
)
DAY = "EEEE d MMMM y"
FIRST_OF_MONTH = {"fr": "EEEE '1er' MMMM y"}
ITEM: Final = {
    "en": "Open until {last_day}, about {duration}:",
    "fr": "Ouvert jusqu’au {last_day}, environ {duration}\u202f:",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One visit to answer: where, how long it takes, and the last day on which it is open."""

    link: str
    minutes: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message may tell. ``paragraph`` is the study's own; ``more`` are the numbers of messages to staff."""

    account: str
    stop: str = ""
    items: tuple[Item, ...] = ()
    paragraph: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """A message without its recipient; ``short`` where it may go to a telephone."""

    language: str
    subject: str
    text: str
    html: str
    short: str | None


def compose(kind: str, language: str, facts: Facts) -> Text:
    """The message in the language of its reader, or in the default one where it is not written in that language.

    KeyError for a kind that there is none of, or for a fact that the kind needs and is not given.
    """
    spoken = language if language in LANGUAGES else DEFAULT_LANGUAGE
    subject, body, short = _template(kind, spoken)
    words = {"account": facts.account, "stop": facts.stop, "paragraph": facts.paragraph.strip(), **facts.more}
    if facts.items:
        words |= _words(facts.items[0], spoken) | {"items": _listed(facts.items, spoken)}
    # Without a paragraph of the study there is no gap where it would stand.
    text = body.replace("{paragraph}\n\n", "") if not words["paragraph"] else body
    written = text.format_map(words)
    return Text(
        spoken,
        subject,
        written,
        html.page(spoken, subject, written),
        None if short is None else short.format_map(words),
    )


def placeholders(kind: str, language: str) -> frozenset[str]:
    """What the long text of a kind tells."""
    return frozenset(
        name for _text, name, _spec, _conversion in string.Formatter().parse(_template(kind, language)[1]) if name
    )


def _listed(items: Sequence[Item], language: str) -> str:
    return "\n\n".join(f"{ITEM[language].format_map(_words(item, language))}\n{item.link}" for item in items)


def _words(item: Item, language: str) -> dict[str, str]:
    return {
        "link": item.link,
        "duration": format_unit(item.minutes, "duration-minute", locale=locale(language)),
        "last_day": _day(item.last_day, language),
    }


def _day(on: date, language: str) -> str:
    pattern = FIRST_OF_MONTH.get(language, DAY) if on.day == 1 else DAY
    return format_date(on, pattern, locale=locale(language))


@cache
def _template(kind: str, language: str) -> tuple[str, str, str | None]:
    """Subject, body and short text: the first line, what follows the empty line after it, and a file of its own."""
    if kind not in KINDS:
        raise KeyError(kind)
    subject, body = (TEMPLATES / kind / f"{language}.txt").read_text(encoding="utf-8").split("\n\n", 1)
    short = TEMPLATES / kind / f"{language}.sms.txt"
    return (
        subject.removeprefix("Subject: "),
        body,
        short.read_text(encoding="utf-8").strip() if short.exists() else None,
    )
