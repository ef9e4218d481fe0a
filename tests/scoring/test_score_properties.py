"""What must hold for every instrument and every set of answers."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Choice, Rating
from app.questionnaires.scales import Linear
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import score_one, score_table
from tests.scoring.builders import instrument, item_id, scale


@dataclass(frozen=True)
class Case:
    """A made-up instrument of one ruler, some scales over it and one person's answers."""

    response: Choice | Rating
    items: int
    scales: dict[str, Linear]
    answers: dict[ItemId, int]

    def plan(self) -> Plan:
        return compile_plan(instrument([self.response] * self.items, self.scales))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    lowest, steps = draw(st.integers(-3, 3)), draw(st.integers(1, 10))
    ruler = Rating(kind="rating", minimum=lowest, maximum=lowest + steps)
    codes = draw(st.sets(st.integers(-9, 20), min_size=2, max_size=8).map(sorted))
    response = draw(st.sampled_from([ruler, Choice(kind="choice", options=tuple(codes))]))
    items = draw(st.integers(1, 9))
    member = st.lists(st.integers(1, items), min_size=1, unique=True)
    scales = {
        f"S{number}": scale(numbers, is_reversed=draw(st.booleans()))
        for number, numbers in enumerate(draw(st.lists(member, min_size=1, max_size=4)))
    }
    given_items = draw(st.sets(st.integers(1, items)))
    answers = {item_id(number): draw(st.sampled_from(response.values)) for number in sorted(given_items)}
    return Case(response, items, scales, answers)


def values(plan: Plan, answers: dict[ItemId, int]) -> dict[str, float | None]:
    return {score.scale: score.value for score in score_one(plan, answers)}


def computed_scales(plan: Plan, answers: dict[ItemId, int]) -> set[str]:
    return {name for name, value in values(plan, answers).items() if value is not None}


@given(cases())
def test_every_score_lies_between_0_and_100(case: Case) -> None:
    """Seen failing when the lowest code was not subtracted."""
    found = [value for value in values(case.plan(), case.answers).values() if value is not None]
    assert all(0 <= value <= 100 for value in found)


@given(cases())
def test_mirrored_answers_on_reversed_scales_give_the_same_scores(case: Case) -> None:
    """Seen failing when a reversed scale was computed as 100 * share - 1."""
    lowest, highest = min(case.response.values), max(case.response.values)
    mirror = Choice(kind="choice", options=tuple(lowest + highest - value for value in case.response.values))
    flipped = {name: made.model_copy(update={"reversed": not made.reversed}) for name, made in case.scales.items()}
    mirrored = {item: lowest + highest - value for item, value in case.answers.items()}
    again = values(compile_plan(instrument([mirror] * case.items, flipped)), mirrored)
    for name, value in values(case.plan(), case.answers).items():
        assert (None if value is None else pytest.approx(value, abs=1e-9)) == again[name]


@given(cases(), st.data())
def test_the_order_of_items_and_of_answers_changes_nothing(case: Case, data: st.DataObject) -> None:
    """Seen failing when the answers were read in the order of the mapping."""
    shuffled = {name: made.model_copy(update={"items": made.items[::-1]}) for name, made in case.scales.items()}
    pairs = data.draw(st.permutations(list(case.answers.items())))
    plan = compile_plan(instrument([case.response] * case.items, shuffled))
    assert values(case.plan(), case.answers) == values(plan, dict(pairs))


@given(cases())
def test_leaving_out_one_more_answer_never_computes_one_more_score(case: Case) -> None:
    """Seen failing when a scale was computed from at *most* half of its items."""
    plan = case.plan()
    computed = computed_scales(plan, case.answers)
    for left_out in case.answers:
        fewer = {item: value for item, value in case.answers.items() if item != left_out}
        assert computed_scales(plan, fewer) <= computed


@given(cases(), st.integers(0, 40))
def test_one_person_and_the_same_person_in_a_table_have_the_same_scores(case: Case, position: int) -> None:
    """To the last bit. Seen failing when score_one rounded its values."""
    plan = case.plan()
    table = np.full((41, case.items), float(case.response.values[0]))
    table[position] = [case.answers.get(item, np.nan) for item in plan.items]
    row = score_table(plan, table).values[position].tolist()
    assert [score.value for score in score_one(plan, case.answers)] == [
        None if np.isnan(value) else value for value in row
    ]
