from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.charts.labels import LINE, Box, inside, is_free, lines, spread, thin, width

ROOM = 360.0
AXES = st.lists(st.tuples(st.floats(40, 350), st.text("M0123 ianv", min_size=1, max_size=12)), max_size=30).map(sorted)


def test_labels_with_room_for_all_are_all_kept() -> None:
    texts = [(50.0, "M1"), (150.0, "M2"), (250.0, "M3")]
    assert [label.text for label in thin(texts, ROOM)] == ["M1", "M2", "M3"]


def test_crowded_labels_keep_both_ends_and_even_steps_between() -> None:
    """Seen failing when the labels were filled from left to right: the last gap was the widest."""
    texts = [(50.0 + 10 * at, f"day {at}") for at in range(31)]
    kept = [label.at for label in thin(texts, ROOM)]
    assert (kept[0], kept[-1]) == (0, 30)
    assert all(6 <= right - left <= 9 for left, right in pairwise(kept))


def test_where_only_one_label_has_room_it_is_the_newest() -> None:
    assert [label.text for label in thin([(100, "January"), (110, "February")], ROOM)] == ["February"]


@given(AXES)
def test_labels_of_an_axis_never_cover_each_other_nor_leave_the_drawing(texts: list[tuple[float, str]]) -> None:
    """Seen failing without the comparison of a label with its neighbour on the right."""
    kept = thin(texts, ROOM)
    assert all(width(label.text) / 2 <= label.x <= ROOM - width(label.text) / 2 for label in kept)
    for one, other in pairwise(kept):
        assert one.x + width(one.text) / 2 < other.x - width(other.text) / 2
    assert bool(kept) == bool(texts)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(5, 40)), max_size=6))
def test_blocks_moved_apart_never_cover_each_other(wanted: list[tuple[float, float]]) -> None:
    """Seen failing when the second pass, from the bottom up, was left out: the last block left the plot."""
    tops = spread(wanted, 0, 240)
    placed = sorted(zip(tops, (height for _, height in wanted), strict=True))
    assert all(top + height <= below + 1e-9 for (top, height), (below, _) in pairwise(placed))
    assert all(-1e-9 <= top and top + height <= 240 + 1e-9 for top, height in placed)


def test_blocks_with_room_stay_where_they_are_wanted() -> None:
    assert spread([(50, LINE), (10, LINE)], 0, 100) == [50, 10]


def test_lines_break_between_words_only() -> None:
    assert lines("100: full of energy", 1000) == ["100: full of energy"]
    assert lines("100: full of energy", 80) == ["100: full", "of energy"]
    assert lines("chimiotherapy", 20) == ["chimiotherapy"]
    assert lines("", 100) == []


@given(st.floats(-50, 500), st.text(max_size=60))
def test_a_centre_keeps_its_text_inside_or_in_the_middle(x: float, text: str) -> None:
    half = min(width(text), ROOM) / 2
    assert half <= inside(x, width(text), ROOM) <= ROOM - half


def test_touching_boxes_are_still_free() -> None:
    assert is_free(Box(0, 0, 10, 10), [Box(10, 0, 20, 10), Box(0, 10, 10, 20)])
    assert not is_free(Box(0, 0, 10, 10), [Box(9, 9, 20, 20)])
