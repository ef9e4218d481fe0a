"""The keyed hashes by which somebody is found: one for each value of each kind, however it was typed."""

from dataclasses import replace

import pytest

from app.identity import blind_index
from tests.support.keys import VAULT_KEYS


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("ada@example.org", "\tADA@Example.ORG\n"),
        ("straße@example.org", "STRASSE@example.org"),
        ("ada@example.org", "ａｄａ@example.org"),
        ("ΐ@example.org", "ΐ@example.org".upper()),
        ("ada@example.org\x00", "ada@example.org\ufffd"),
    ],
)
def test_an_address_has_one_index_however_it_was_typed(typed: str, again: str) -> None:
    """Seen failing with small letters instead of folded ones, and without each of the two compositions and the rest."""
    assert blind_index.of_email(VAULT_KEYS, typed) == blind_index.of_email(VAULT_KEYS, again)


def test_a_database_can_be_asked_for_every_address() -> None:
    """PostgreSQL takes no NUL. Seen failing with it left in."""
    assert "\x00" not in blind_index.email_key("ada\x00@example.org")


def test_the_same_value_of_two_kinds_has_two_indices() -> None:
    """So that nobody sees from two columns that they hold one thing. Seen failing with the kind left out."""
    assert blind_index.of(VAULT_KEYS, "email", "x") != blind_index.of(VAULT_KEYS, "mailbox", "x")


def test_without_the_key_an_index_says_nothing() -> None:
    """Seen failing with a key of the program's own."""
    other = replace(VAULT_KEYS, lookup=bytes(32))
    assert blind_index.of(VAULT_KEYS, "email", "x") != blind_index.of(other, "email", "x")
