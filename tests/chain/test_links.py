"""How an entry follows from another."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chain import links

texts = st.text(max_size=12)
contents = st.tuples(st.integers(1, 99), texts, texts, texts, texts, texts, st.none() | st.text(min_size=1, max_size=5))


@given(contents, contents)
def test_two_entries_have_one_hash_only_if_they_are_the_same(one: links.Content, other: links.Content) -> None:
    """Also where a text ends as the next one begins."""
    assert (one == other) == (links.link("x", one) == links.link("x", other))


def test_where_one_text_ends_and_the_next_begins_is_hashed_too() -> None:
    """Seen failing with the texts joined by bars alone."""
    one, other = (links.link("x", (1, "t", *names, "s", "{}", None)) for names in (("a|b", "c"), ("a", "b|c")))
    assert one != other


def test_no_request_is_not_a_request_named_like_nothing() -> None:
    """Seen failing with a dash for no request, and its length before it."""
    assert links.link("x", (1, "t", "a", "b", "s", "{}", None)) != links.link("x", (1, "t", "a", "b", "s", "{}", "-"))


@pytest.mark.parametrize("place", range(4), ids=["actor", "action", "subject", "facts"])
def test_no_text_can_be_made_to_look_like_what_follows_it(place: int) -> None:
    """What one entry says in this text, another says in those after it. Seen failing without each of the lengths."""
    after = 3 - place
    end = "|" + "1:z|" * after + "-"
    asked = f"r{end}"
    hidden = f"x|{'1:y|' * after}{len(asked)}:r"
    whole = (*["y"] * place, "x", *["y"] * after, asked)
    forged = (*["y"] * place, hidden, *["z"] * after, None)
    assert links.link("x", (1, "t", *whole)) != links.link("x", (1, "t", *forged))


def test_an_empty_name_of_a_request_is_one() -> None:
    """Seen failing with a dash for it."""
    assert links.link("x", (1, "t", "a", "b", "s", "{}", None)) != links.link("x", (1, "t", "a", "b", "s", "{}", ""))


def test_the_hash_covers_the_entry_before_and_the_place() -> None:
    content = (1, "t", "a", "b", "s", "{}", None)
    assert links.link("x", content) != links.link("y", content)
    assert 4 == len(
        {links.genesis(chain, stream).hash for chain in ("audit_entry", "ledger_entry") for stream in (0, 1)}
    )


def test_an_instant_is_hashed_in_utc_to_the_microsecond() -> None:
    paris = datetime(2026, 3, 2, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    assert "2026-03-02 12:00:00.000000" == links.instant(paris) == links.instant(paris.astimezone(UTC))
