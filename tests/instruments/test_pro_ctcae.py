"""PRO-CTCAE: zeros are written where routing did not ask, and nowhere else."""

import pytest

from app.config import ROOT
from app.questionnaires import library
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.routing import asked, with_skipped
from app.scoring.plan import compile_plan
from app.scoring.score import score_one

FREQUENCY, SEVERITY = ItemId("PROCTCAE_9A_SCL"), ItemId("PROCTCAE_9B_SCL")
NAUSEA = ScaleId("PROCTCAE_9_COMP")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return library.load(ROOT / "instruments").instrument("pro-ctcae@1.0")


def grade(instrument: Instrument, answers: dict[ItemId, int]) -> float | None:
    """The grade of nausea as a participant's sheet is scored: with what routing skipped."""
    scored = {item: one for item, one in with_skipped(instrument, answers).items() if isinstance(one, int)}
    return next(one.value for one in score_one(compile_plan(instrument), scored) if one.scale == NAUSEA)


def test_nothing_more_is_asked_about_what_never_happened(instrument: Instrument) -> None:
    assert SEVERITY not in asked(instrument, {FREQUENCY: 0})
    assert SEVERITY in asked(instrument, {FREQUENCY: 1})


def test_a_question_that_was_skipped_for_that_reason_counts_as_zero(instrument: Instrument) -> None:
    """Seen failing without `skipped: 0`."""
    assert grade(instrument, {FREQUENCY: 0}) == 0


def test_a_question_that_was_asked_and_left_blank_stays_missing(instrument: Instrument) -> None:
    """Seen failing when the second question was asked from frequency 3 on only."""
    assert grade(instrument, {FREQUENCY: 2}) is None


def test_a_first_question_left_blank_gives_no_grade_and_no_follow_up(instrument: Instrument) -> None:
    assert SEVERITY not in asked(instrument, {})
    assert grade(instrument, {}) is None


def test_the_highest_answers_give_the_highest_grade(instrument: Instrument) -> None:
    assert grade(instrument, {FREQUENCY: 4, SEVERITY: 4}) == 3


def test_every_follow_up_question_has_its_zero_and_every_first_one_is_always_asked(instrument: Instrument) -> None:
    first = {name for name in instrument.items if name.split("_")[1].endswith("A")}
    assert first == {name for name, item in instrument.items.items() if item.ask_if is None}
    assert {0} == {item.skipped for name, item in instrument.items.items() if name not in first}
