import pytest

from app.questionnaires.missing_rules import CountedRule, MissingRule, needed


def test_half_of_the_items_rounded_up_is_enough() -> None:
    """Seen failing for `of // 2`, which would compute a scale of one item from no answer."""
    assert [needed("half", of) for of in range(1, 8)] == [1, 1, 2, 2, 3, 3, 4]


def test_more_than_half_is_never_half() -> None:
    """Seen failing for the half rule: 2 of 4, 3 of 6."""
    assert [needed("more-than-half", of) for of in range(1, 8)] == [1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize(
    ("expected", "rule", "of"),
    [
        (7, "all", 7),
        (1, "any", 7),
        (4, CountedRule(at_least=4), 7),
        (5, CountedRule(at_most_missing=2), 7),
        (22, CountedRule(share_above=0.8), 27),
        (13, CountedRule(share_above=0.8), 15),
        (12, CountedRule(share_at_least=0.8), 15),
        (21, CountedRule(share_at_least=0.8), 26),
    ],
)
def test_every_rule_says_how_many_answers_it_needs(expected: int, rule: MissingRule, of: int) -> None:
    """Seen failing with shares as floats: 0.8 * 15 is not more than 12, and 12 answers were enough."""
    assert expected == needed(rule, of)


@pytest.mark.parametrize("written", [{}, {"at_least": 1, "at_most_missing": 1}])
def test_a_rule_with_a_number_has_exactly_one(written: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        CountedRule.model_validate(written)
