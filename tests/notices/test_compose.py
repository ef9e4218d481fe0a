"""The words of the messages, in each language."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import get_args

import pytest

from app.i18n import LANGUAGES
from app.notices.compose import KINDS, TEMPLATES, VISIT_KINDS, Facts, Item, compose, placeholders
from app.scheduling.rules import Reminder

TELLING = re.compile(r"\b(?:cancer|tumo|onco|santé|health|malad|ill\b|patient|soin|care\b|traite|treat)", re.IGNORECASE)
ITEM = Item("https://example.org/l/abc", 6, date(2026, 5, 1))
FACTS = Facts(
    account="https://example.org/account",
    stop="https://example.org/messages/stop/abc",
    items=(ITEM,),
    more={
        "lines": "HORIZON, Centre 1. Questionnaires that are late: 2.",
        "code": "abcd-efgh",
        "what": "– the password",
        "page": "https://example.org/studies",
        "choices": "https://example.org/staff/messages",
    },
)


def test_there_is_a_message_for_every_kind_of_reminder_that_a_protocol_can_hold() -> None:
    """Seen failing with a kind added to Reminder only."""
    assert set(get_args(Reminder.model_fields["kind"].annotation)) == set(VISIT_KINDS)
    assert sorted(KINDS) == sorted(folder.name for folder in TEMPLATES.iterdir())


TOLD = {
    **{key: {"link", "account", "stop", "duration", "last_day", "paragraph"} for key in VISIT_KINDS},
    "digest": {"items", "stop", "paragraph"},
    **{key: {"account", "stop", "paragraph"} for key in ("receipt", "results", "announcement", "consent")},
    "study-news": {"account", "stop"},
    "staff-digest": {"lines", "page", "choices", "paragraph"},
    "staff-alert": {"page", "choices", "paragraph"},
    "staff-code": {"code", "page"},
    "staff-changed": {"what", "account"},
    "staff-address-changed": set(),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_says_where_to_answer_how_long_it_takes_until_when_and_how_to_stop(kind: str, language: str) -> None:
    """Seen failing with a template that leaves one of them out."""
    assert TOLD[kind] == placeholders(kind, language)
    message = compose(kind, language, FACTS)
    assert "{" not in message.subject + message.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_says_the_same_as_the_text_and_fetches_nothing(kind: str, language: str) -> None:
    """Opening a message tells nobody anything. Seen failing with a logo fetched from our own site."""
    message = compose(kind, language, FACTS)
    words = unescape(re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", "", message.html, flags=re.DOTALL))
    assert message.text.split() == words.split()
    assert [] == re.findall(r"\b(?:src|@import|url\()", message.html)
    assert "prefers-color-scheme: dark" in message.html


@pytest.mark.parametrize("kind", [*VISIT_KINDS, "digest"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_protocol_sends_fits_a_telephone(kind: str, language: str) -> None:
    """Two joined text messages of the alphabet that has accents hold 134 letters; ours has a link of 60 in it."""
    short = compose(kind, language, FACTS).short
    assert short is not None
    assert len(short) <= 134
    assert [] == TELLING.findall(short)


def test_a_paragraph_of_the_study_comes_before_the_thanks_and_leaves_no_gap_where_there_is_none() -> None:
    with_it = compose("reminder", "en", replace(FACTS, paragraph="Our office has moved. {link} <b>"))
    assert "Our office has moved. {link} <b>\n\nThank you very much" in with_it.text
    assert "&lt;b&gt;" in with_it.html
    assert "\n\n\n" not in compose("reminder", "en", FACTS).text


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
    one_minute = replace(FACTS, items=(Item(ITEM.link, 1, date(2026, 5, 2)),))
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
    odd = replace(FACTS, items=(replace(ITEM, link="https://example.org/l/{account}"),))
    assert "https://example.org/l/{account}" in compose("reminder", "en", odd).text
