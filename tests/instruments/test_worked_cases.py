"""The worked cases of every questionnaire give the scores that are written beside them."""

from collections.abc import Mapping
from functools import cache

import pytest

from app.config import ROOT
from app.questionnaires import library
from app.questionnaires.cases import Case
from app.questionnaires.elements import ScaleId
from app.questionnaires.library import Library
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import score_one

PRINTED = 5e-5  # cases are written with four decimals


@cache
def installed() -> Library:
    return library.load(ROOT / "instruments")


@cache
def plan_of(key: str, value_set: str | None) -> Plan:
    return compile_plan(installed().instrument(key), value_set)


def scores(key: str, case: Case) -> Mapping[ScaleId, float | None]:
    return {one.scale: one.value for one in score_one(plan_of(key, case.value_set), case.answers, case.facts)}


@pytest.mark.parametrize("key", installed().keys)
def test_every_worked_case_is_right(key: str) -> None:
    """Seen failing, one change of a definition at a time: b4 of the FACT-B reversed; its subscale needing half of the
    items; one row of the table of PROMIS Anxiety 7a; pain 7 of Global Health recoded to 3; one weight of PROMIS-29; one
    interaction of the EQ-5D-3L of Australia; one grade of the PRO-CTCAE.
    """
    for case in installed().cases(key):
        found = scores(key, case)
        for scale, expected in case.scores.items():
            value = found[scale] if expected is None else pytest.approx(expected, abs=PRINTED)
            assert (case.name, scale, expected is None) == (case.name, scale, found[scale] is None)
            assert (case.name, scale, found[scale]) == (case.name, scale, value)


@pytest.mark.parametrize("key", installed().keys)
def test_every_questionnaire_that_is_scored_has_worked_cases(key: str) -> None:
    assert bool(installed().cases(key)) == bool(installed().instrument(key).scales)
