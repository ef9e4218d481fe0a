"""The rules of an adaptive test: rules that contradict each other are refused before anybody is asked anything."""

from typing import Any

import pytest

from app.questionnaires.elements import ItemId
from app.scoring.adaptive_rules import Area, Rules


def area(count: int, least: int = 0, most: int | None = None, *, start: int = 1, name: str = "sleep") -> Area:
    """An area of the items i1, i2 ..., or of those from ``start`` on."""
    return Area(name, frozenset(ItemId(f"i{number}") for number in range(start, start + count)), least, most)


@pytest.mark.parametrize(
    ("rules", "mistake"),
    [
        ({"precise": 0.0}, "a standard error below 0.0 is never reached"),
        ({"shortest": 13}, "13 to 12 items: no such test"),
        ({"shortest": -1}, "-1 to 12 items: no such test"),
        ({"shortest": 0, "longest": 0}, "0 to 0 items: no such test"),
        ({"areas": (area(3, 4),)}, "sleep: 4 to 3 of its 3 items cannot be asked"),
        ({"areas": (area(3, 2, 1),)}, "sleep: 2 to 1 of its 3 items cannot be asked"),
        ({"areas": (area(3, 0, 0),)}, "sleep: 0 to 0 of its 3 items cannot be asked"),
        ({"areas": (area(3, -1),)}, "sleep: -1 to 3 of its 3 items cannot be asked"),
        ({"areas": (area(0),)}, "sleep: 0 to 0 of its 0 items cannot be asked"),
        ({"areas": (area(3, 3), area(3, 2, start=4)), "longest": 4}, "the areas and the first item need more than 4"),
        ({"areas": (area(4, 4),), "longest": 4, "first": "i5"}, "the areas and the first item need more than 4"),
        ({"areas": (area(3), area(3, start=3))}, "an item belongs to one area only"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(rules: dict[str, Any], mistake: str) -> None:
    """Seen failing, each row without its check."""
    with pytest.raises(ValueError, match=mistake):
        Rules(**rules)


def test_all_mistakes_are_listed_at_once() -> None:
    """Seen failing when the first mistake was raised alone."""
    with pytest.raises(ValueError, match=r"never reached; .*no such test; .*cannot be asked"):
        Rules(precise=-1.0, shortest=20, areas=(area(1, 2),))


def test_rules_at_their_limits_are_kept() -> None:
    """Seen failing with `<` in each of the checks of length."""
    rules = Rules(ItemId("i1"), shortest=4, longest=4, areas=(area(3, 3, 3), area(1, 1, 1, start=4)))
    assert {"i1", "i2", "i3", "i4"} == rules.named


def test_an_area_owes_what_it_still_lacks_and_can_still_be_asked() -> None:
    """Seen failing when declined items counted as answered, and when they could be owed for ever."""
    answered, shown = {ItemId("i1")}, {ItemId("i1"), ItemId("i2")}
    assert [0, 1, 1, 0] == [area(3, least).owed(answered, shown) for least in (1, 2, 3, 0)]


def test_an_area_is_full_once_its_most_are_answered() -> None:
    """Seen failing with `>`."""
    answered = {ItemId("i1"), ItemId("i2"), ItemId("i9")}
    assert [True, True, False, False] == [area(3, most=most).is_full(answered) for most in (1, 2, 3, None)]


def test_the_pool_is_what_was_not_shown_and_whose_area_is_not_full() -> None:
    """Seen failing without each of the two."""
    rules = Rules(areas=(area(2, most=1), area(3, start=3, name="pain")))
    bank = {ItemId(f"i{number}") for number in range(1, 7)}
    assert {"i4", "i5", "i6"} == rules.pool(bank, {ItemId("i1")}, {ItemId("i1"), ItemId("i3")})
