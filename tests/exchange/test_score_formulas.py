"""Which scores a formula of another program says, and which are left out with a reason."""

import pytest

from app.exchange.score_formulas import Formulas, formulas
from app.questionnaires.elements import ScaleId
from app.questionnaires.parse import parse_instrument
from tests.support import routed

GATE = "only_if: {fact: sex, eq: male}"
G = ScaleId("G")


def gated(how: str) -> Formulas:
    """What formulas there are where the scale G has this gate."""
    assert 1 == routed.DEFINITION.count(GATE)
    return formulas(parse_instrument(routed.DEFINITION.replace(GATE, how), "definition.yaml"))


@pytest.mark.parametrize("how", ["only_if: {answer: q2, gt: 1}", "unless: {not: {answer: q2, gt: 1}}"])
def test_a_gate_over_an_item_that_stands_for_another_answer_has_no_formula(how: str) -> None:
    """Other programs would see a blank where scoring takes the answer for "skipped". Seen failing without the check."""
    found = gated(how)
    assert {G: "it looks at q2, which stands for another answer where it was not asked"} == found.unsaid
    assert {"PA", "QL"} <= set(found.quantities)
    assert "G" not in found.quantities


@pytest.mark.parametrize("how", [GATE, "only_if: {answer: q1, gt: 1}", "unless: {answer: q3, eq: 2}"])
def test_a_gate_over_anything_else_has_one(how: str) -> None:
    found = gated(how)
    assert {} == found.unsaid
    assert "G" in found.quantities
