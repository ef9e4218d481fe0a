import pytest

from app.questionnaires.cases import parse_cases
from tests.questionnaires.broken import said
from tests.support.instruments import CASES, changed, tiny_instrument


def test_a_case_has_answers_and_scores_and_null_means_not_computed() -> None:
    second = parse_cases(CASES, "cases.yaml", tiny_instrument())[1]
    expected = ("nothing about life", {"q1": 4, "q2": 4}, {"PF": 0, "QL": None})
    assert expected == (second.name, second.answers, second.scores)


@pytest.mark.parametrize(
    ("line", "where", "words", "old", "new"),
    [
        (2, "1.answers.q9", "There is no item “q9”.", "q1: 1, q2", "q9: 1, q2"),
        (2, "1.answers.q3", "“8” is not an answer to “q3”.", "q3: 7", "q3: 8"),
        (2, "1.answers.q3", "“7” without quotes", "q3: 7", 'q3: "7"'),
        (3, "1.scores.XX", "There is no scale “XX”.", "PF: 100", "XX: 100"),
        (3, "1.scores.PF", "A number is needed", "PF: 100", "PF: high"),
        (4, "2.name", "“everything easy” is already here", "nothing about life", "everything easy"),
        (6, "2.score", "Did you mean “scores”?", "scores: {PF: 0", "score: {PF: 0"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_place_and_a_sentence(
    line: int, where: str, words: str, old: str, new: str
) -> None:
    found = said(lambda: parse_cases(changed(CASES, old, new), "cases.yaml", tiny_instrument()))
    assert any((line, where) == one[:2] and words in one[2] for one in found), found


@pytest.mark.parametrize("text", ["name: x", "12", "- 12", "- [a]"])
def test_cases_are_a_list_of_groups(text: str) -> None:
    assert said(lambda: parse_cases(text, "cases.yaml", tiny_instrument()))


def test_without_its_instrument_only_the_shape_is_checked() -> None:
    assert len(parse_cases(changed(CASES, "q3: 7", "q30: 7"), "cases.yaml", None)) == 2
