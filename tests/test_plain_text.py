"""An author's text is text: nothing in it is ever markup."""

from hypothesis import given
from hypothesis import strategies as st

from app.plain_text import Block, blocks, clean


def test_an_empty_line_ends_a_paragraph_and_a_line_break_is_kept() -> None:
    assert blocks("One\ntwo\n\n\nthree") == (Block(False, ("One", "two")), Block(False, ("three",)))


def test_lines_that_start_with_a_dash_are_a_list_even_right_below_a_paragraph() -> None:
    assert blocks("You will:\n- walk\n- rest\nThank you") == (
        Block(False, ("You will:",)),
        Block(True, ("walk", "rest")),
        Block(False, ("Thank you",)),
    )


def test_the_dashes_and_bullets_of_word_processors_make_lists_too() -> None:
    assert blocks("– walk\n•\trest") == (Block(True, ("walk", "rest")),)


def test_a_word_with_a_dash_and_a_lonely_dash_are_no_list() -> None:
    assert blocks("-5 degrees\n-") == (Block(False, ("-5 degrees", "-")),)


def test_nothing_written_is_no_block() -> None:
    assert blocks(" \n\n") == ()


def test_only_a_leading_dash_is_taken_away() -> None:
    assert blocks("- - a - b") == (Block(True, ("- a - b",)),)


def test_windows_line_ends_and_unreadable_characters_are_cleaned() -> None:
    assert clean("  a \r\nb\rc\x00\x07\x1b[31m\t!  ") == "a\nb\nc[31m\t!"


@given(st.text())
def test_no_readable_word_of_any_text_is_lost(text: str) -> None:
    """Seen failing when a line that begins with 0 was taken for an empty one."""
    shown = "".join("".join(block.lines) for block in blocks(clean(text)))
    wanted = [letter for letter in clean(text) if letter.isalnum()]
    assert [letter for letter in shown if letter.isalnum()] == wanted


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
