"""Every questionnaire against the scores that programs of others give; where the files come from: data/PROVENANCE.md.

A file ``<code>.csv`` or ``<code>.<program>.csv`` has the items and facts of a questionnaire as columns, empty where
missing, and ``exp_<scale>`` with the score that must come out, empty where none may.
"""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.config import ROOT
from app.questionnaires.elements import FactId
from app.questionnaires.library import Library, load
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import fact_row, score_one, score_table

FILES = sorted((Path(__file__).parent / "data").glob("*.csv"))
PRINTED = 1e-6
COARSE = {"awell": 0.006, "transcribed": 2e-5}  # two decimals; digits cut off, see PROVENANCE.md
Row = dict[str, str]


@pytest.fixture(scope="module")
def library() -> Library:
    return load(ROOT / "instruments")


def plan_of(library: Library, file: Path) -> Plan:
    code = file.name.split(".")[0]
    (key,) = (one for one in library.keys if one.split("@")[0] == code)
    return compile_plan(library.instrument(key))


def rows_of(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def number(cell: str | None) -> float:
    return float(cell) if cell else math.nan


def word_or_number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def facts_of(plan: Plan, row: Row) -> dict[FactId, float | str]:
    return {name: word_or_number(row[name]) for name in plan.facts if row.get(name)}


def tolerance(file: Path) -> float:
    return COARSE.get(file.name.split(".")[1], PRINTED)


def scales_in(rows: list[Row]) -> list[str]:
    return [name.removeprefix("exp_") for name in rows[0] if name.startswith("exp_")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_column_is_an_item_a_fact_or_an_expected_score(file: Path, library: Library) -> None:
    plan, names = plan_of(library, file), rows_of(file)[0]
    assert [] == [one for one in names if not one.startswith("exp_") and one not in (*plan.items, *plan.facts)]
    assert [] == [one for one in scales_in([names]) if one not in plan.scales]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_expected_score_is_found_and_no_score_where_none_may_be(file: Path, library: Library) -> None:
    """Seen failing when the gate of BRSEE was taken away, when PRSFU no longer turned q52 round, and when LCDY took the
    half rule.
    """
    plan, rows = plan_of(library, file), rows_of(file)
    answers = np.array([[number(row.get(item)) for item in plan.items] for row in rows])
    facts = np.array([fact_row(plan, facts_of(plan, row)) for row in rows]).reshape(len(rows), len(plan.facts))
    found = score_table(plan, answers, facts).values
    scales = scales_in(rows)
    wanted = [[number(row[f"exp_{scale}"]) for scale in scales] for row in rows]
    columns = [plan.scales.index(scale) for scale in scales]
    assert_allclose(found[:, columns], wanted, rtol=0, atol=tolerance(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_one_person_at_a_time_gets_the_same_scores(file: Path, library: Library) -> None:
    plan = plan_of(library, file)
    for row in rows_of(file)[::10]:
        answers = {item: number(row[item]) for item in plan.items if row.get(item)}
        scores = score_one(plan, answers, facts_of(plan, row))
        one = [math.nan if score.value is None else score.value for score in scores]
        facts = np.array([fact_row(plan, facts_of(plan, row))]).reshape(1, len(plan.facts))
        table = score_table(plan, [[answers.get(item, math.nan) for item in plan.items]], facts)
        assert table.values[0].tolist() == pytest.approx(one, nan_ok=True, abs=0)
