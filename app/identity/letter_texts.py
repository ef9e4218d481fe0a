"""The texts of the vault's own letters: one complete text per kind and language, and nothing about health."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES
from app.identity.carriage import Message

MAILS = Path(__file__).parent / "mails"


def compose(kind: str, wanted_language: str, message_id: str, words: Mapping[str, str]) -> Message:
    """The letter in its reader's language, or in the default one where it is not written in that language."""
    language = wanted_language if wanted_language in LANGUAGES else DEFAULT_LANGUAGE
    subject, body = _template(kind, language)
    return Message(message_id, language, subject, body.format_map(words))


@cache
def _template(kind: str, language: str) -> tuple[str, str]:
    """Subject and body: the first line, and what follows the empty line after it."""
    text = (MAILS / kind / f"{language}.txt").read_text(encoding="utf-8")
    subject, body = text.split("\n\n", 1)
    return subject.removeprefix("Subject: "), body
