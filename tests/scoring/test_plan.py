import subprocess
import sys

import pytest

from app.scoring.plan import compile_plan
from tests.scoring.builders import FOUR, SEVEN, instrument, qlq_c30, scale


def test_a_plan_keeps_the_order_of_the_definition() -> None:
    plan = compile_plan(qlq_c30())
    assert tuple(qlq_c30().items) == plan.items
    assert tuple(qlq_c30().scales) == plan.scales


def test_a_plan_knows_how_many_answers_each_scale_needs() -> None:
    plan = compile_plan(instrument([FOUR] * 6, {"A": scale((1, 2, 3, 4, 5)), "B": scale((5, 6)), "C": scale((6,))}))
    assert plan.of.tolist() == [5, 2, 1]
    assert plan.needed.tolist() == [3, 1, 1]


def test_a_scale_with_items_on_different_rulers_is_never_scored() -> None:
    """Seen failing when the first item's ruler was taken for all."""
    with pytest.raises(ValueError, match=r"on different rulers: \[\(1.0, 4.0\), \(1.0, 7.0\)\]"):
        compile_plan(instrument([FOUR, SEVEN], {"MIXED": scale((1, 2))}))


def test_a_scale_with_an_item_the_instrument_does_not_have_is_never_scored() -> None:
    with pytest.raises(KeyError, match="q9"):
        compile_plan(instrument([FOUR], {"FOREIGN": scale((1, 9))}))


def test_an_instrument_without_scales_has_an_empty_plan() -> None:
    assert compile_plan(instrument([FOUR], {})).scales == ()


def test_scoring_loads_no_framework_and_no_database() -> None:
    """Seen failing when score.py imported flask."""
    code = "import sys, app.scoring.score, app.scoring.interpret; print(*{'flask', 'sqlalchemy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
