import numpy as np
import pytest

from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Choice
from app.scoring.plan import compile_plan
from app.scoring.score import ROWS_AT_ONCE, score_one, score_table
from tests.scoring.builders import FOUR, instrument, item_id, scale

FIVE_ITEMS = compile_plan(instrument([FOUR] * 5, {"A": scale((1, 2, 3, 4, 5)), "B": scale((1, 2), is_reversed=True)}))


def answers(*values: int | None) -> dict[ItemId, int]:
    return {item_id(number): value for number, value in enumerate(values, start=1) if value is not None}


def test_half_the_items_missing_still_gives_a_score() -> None:
    """Seen failing when the rule asked for more than half."""
    score = score_one(FIVE_ITEMS, answers(2, None, None, None, None))[1]
    assert (pytest.approx(200 / 3), 1, 2, 1) == (score.value, score.answered, score.of, score.needed)
    assert ("q1",) == score.items
    assert score.reason == "computed"


def test_fewer_than_half_gives_no_score_and_says_why() -> None:
    """Seen failing when `needed` was not compared with the number of answers."""
    score = score_one(FIVE_ITEMS, answers(1, 2, None, None, None))[0]
    assert (None, 2, 5, 3) == (score.value, score.answered, score.of, score.needed)
    assert score.reason == "too-few-answers"


def test_the_mean_is_taken_over_the_answered_items_only() -> None:
    """Seen failing when the sum was divided by the number of items."""
    assert score_one(FIVE_ITEMS, answers(4, 4, 4, None, None))[0].value == 100


@pytest.mark.parametrize("stray", [0, 5, -1, 99, 2.5, float("inf"), float("-inf")])
def test_a_value_that_is_no_code_counts_as_missing(stray: float) -> None:
    """Seen failing for each of: no lower bound, no upper bound, no check for whole numbers."""
    with_stray, without = score_table(FIVE_ITEMS, [[1, 1, 1, 4, stray], [1, 1, 1, 4, np.nan]]).values
    np.testing.assert_array_equal(without, with_stray)


def test_a_number_between_two_codes_of_a_choice_counts_as_missing() -> None:
    """Seen failing when only the bounds were checked."""
    plan = compile_plan(instrument([Choice(kind="choice", options=(4, 0, 2))], {"A": scale((1,))}))
    assert [score_one(plan, answers(value))[0].value for value in (2, 3)] == [50.0, None]


def test_an_answer_to_another_questionnaire_is_a_bug_and_not_a_missing_answer() -> None:
    with pytest.raises(KeyError, match="q9"):
        score_one(FIVE_ITEMS, {item_id(9): 1})


@pytest.mark.parametrize("shape", [(3, 4), (3, 6), (5,)])
def test_a_table_with_other_columns_than_the_plan_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected a table with 5 columns"):
        score_table(FIVE_ITEMS, np.ones(shape))


def test_no_answer_and_no_row_are_fine() -> None:
    assert {None} == {score.value for score in score_one(FIVE_ITEMS, {})}
    assert score_table(FIVE_ITEMS, np.empty((0, 5))).values.shape == (0, 2)


def test_rows_on_both_sides_of_a_block_get_their_own_scores() -> None:
    """Seen failing when every block wrote to the first rows of the result."""
    table = np.ones((2 * ROWS_AT_ONCE + 1, 5))
    table[ROWS_AT_ONCE - 1 : ROWS_AT_ONCE + 1, 0] = 4
    raised = np.flatnonzero(score_table(FIVE_ITEMS, table).values[:, 0])
    assert raised.tolist() == [ROWS_AT_ONCE - 1, ROWS_AT_ONCE]


def test_the_table_of_answers_is_not_changed() -> None:
    """Seen failing when a block was not copied and stray values were replaced in it."""
    table = np.array([[1.0, 9.0, np.nan, 4.0, 2.0]])
    before = table.copy()
    score_table(FIVE_ITEMS, table)
    np.testing.assert_array_equal(before, table)
