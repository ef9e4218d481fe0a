"""The words of the messages, in each language."""

import re
import string
from datetime import date
from typing import get_args

import pytest

from app.i18n import LANGUAGES
from app.notices.compose import KINDS, TEMPLATES, Facts, compose
from app.scheduling.rules import Reminder

TELLING = re.compile(r"\b(?:cancer|tumo|onco|santé|health|malad|ill\b|patient|soin|care\b|traite|treat)", re.IGNORECASE)
FACTS = Facts("https://example.org/l/abc", "https://example.org/account", 6, date(2026, 5, 1))


def test_there_is_a_message_for_every_kind_of_reminder_that_a_protocol_can_hold() -> None:
    """Seen failing with a kind added to Reminder only."""
    assert set(get_args(Reminder.model_fields["kind"].annotation)) == set(KINDS)
    assert sorted(KINDS) == sorted(folder.name for folder in TEMPLATES.iterdir())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_says_where_to_answer_how_long_it_takes_until_when_and_how_to_stop(kind: str, language: str) -> None:
    """Seen failing with a template that leaves one of them out."""
    template = (TEMPLATES / kind / f"{language}.txt").read_text(encoding="utf-8")
    named = {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name}
    assert {"link", "account", "duration", "last_day"} == named
    message = compose(kind, language, FACTS)
    assert FACTS.link in message.text
    assert "{" not in message.subject + message.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_subject_is_one_short_line(kind: str, language: str) -> None:
    """A telephone shows about forty letters of it."""
    subject = compose(kind, language, FACTS).subject
    assert 10 < len(subject) <= 40
    assert "\n" not in subject


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_does_not_tell_that_anybody_is_ill(kind: str, language: str) -> None:
    """Others read it too: on a locked screen, in a shared mailbox. Seen failing with “soins” in the last call."""
    message = compose(kind, language, FACTS)
    assert [] == TELLING.findall(f"{message.subject} {message.text}")


def test_dates_and_durations_are_written_as_people_say_them() -> None:
    one_minute = Facts(FACTS.link, FACTS.account, 1, date(2026, 5, 2))
    assert "jusqu’au vendredi 1er mai 2026 inclus" in compose("invitation", "fr", FACTS).text
    assert "jusqu’au samedi 2 mai 2026 inclus" in compose("invitation", "fr", one_minute).text
    assert "environ 1 minute." in compose("invitation", "fr", one_minute).text
    assert "until Friday 1 May 2026, that day included" in compose("invitation", "en", FACTS).text


def test_a_reader_of_another_language_gets_the_default_one() -> None:
    assert "fr" == compose("reminder", "de", FACTS).language


def test_there_is_no_message_of_an_unknown_kind() -> None:
    """Seen failing with the kind taken as a path."""
    with pytest.raises(KeyError):
        compose("../invitation", "fr", FACTS)


def test_braces_in_a_link_are_left_alone() -> None:
    odd = Facts("https://example.org/l/{account}", FACTS.account, 6, FACTS.last_day)
    assert "https://example.org/l/{account}" in compose("reminder", "en", odd).text
