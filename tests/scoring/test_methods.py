"""Each method of scoring by numbers worked out by hand."""

from typing import get_args

import pytest

from app.questionnaires.reach import ENDS
from app.questionnaires.scales import AnyScale
from app.scoring.methods import METHODS
from tests.scoring.definitions import defined, scores, value

ALL = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 0}
AB = "items: [a, b]"
PARTS = "{a: {mean: 2, sd: 1, weight: 0.2}, c: {mean: 1, sd: 2, weight: 1.4}}"


def test_every_method_that_a_definition_can_name_is_here() -> None:
    variants = set(get_args(get_args(AnyScale)[0]))
    assert (variants, variants) == (set(METHODS), set(ENDS))


BY_HAND = [
    (37.5, f"method: linear, {AB}, reversed: false, missing: half", ALL),
    (62.5, f"method: linear, {AB}, reversed: true, missing: half", ALL),
    (50.0, f"method: linear, {AB}, reverse: [a], reversed: false, missing: half", {"a": 2}),
    (1.5, f"method: mean, {AB}, missing: all, range: [0, 4]", ALL),
    (10.0, "method: mean, items: [b, d], recode: {squares: [b, d]}, missing: all, range: [0, 16]", ALL),
    (6.5, "method: mean, items: [c, d], recode: {squares: [c]}, missing: all, range: [0, 16]", ALL),
    (2.0, "method: mean, items: [a, b], reverse: [a], missing: half, range: [0, 4]", {"b": 2}),
    (12.0, f"method: sum, {AB}, factor: 4, missing: all, range: [0, 32]", ALL),
    (1.0, f"method: sum, {AB}, missing: any, range: [0, 8]", {"a": 1}),
    (7.0, f"method: sum, {AB}, factor: -1, constant: 10, missing: all, range: [2, 10]", ALL),
    (5.0, "method: sum, items: [a, b], reverse: [a], missing: all, range: [0, 8]", ALL),
    (7.5, "method: prorated, items: [a, b, c], missing: half, range: [0, 12]", {"b": 2, "c": 3}),
    (4.0, "method: highest, items: [a, d, e], missing: all, range: [0, 4]", ALL),
    (0.0, "method: lowest, items: [a, d, e], missing: any, range: [0, 4]", ALL),
    (1.0, "method: lowest, items: [a, e], missing: any, range: [0, 4]", {"a": 1}),
    (9.0, "method: product, items: [b, c], factor: 1.5, range: [0, 24]", ALL),
    (3.0, "method: count, items: [a, b, c, d, e], at: ge, value: 2, missing: all, range: [0, 5]", ALL),
    (1.0, "method: count, items: [a, e], at: eq, value: 0, missing: any, range: [0, 2]", ALL),
    (0.0, "method: count, items: [a, e], at: eq, value: 0, missing: any, range: [0, 2]", {"a": 1}),
    (2.0, "method: first, items: [a, b], range: [0, 4]", {"b": 2}),
    (1.0, "method: first, items: [a, b], range: [0, 4]", ALL),
    (8.5, "method: weighted, constant: 10, weights: {a: 0.5, b: -1}", ALL),
    (62.0, f"method: standardised, components: {PARTS}", ALL),
    (9.0, "method: points, constant: 5, points: {a: {1: 4, 2: 8}, b: {1: 100}}", ALL),
    (44.0, f"method: table, {AB}, table: raw", ALL),
    (2.0, "method: lookup, table: grades, keys: {f: a, s: b}, range: [0, 3]", ALL),
    (0.0, "method: lookup, table: grades, keys: {f: e, s: b}, range: [0, 3]", ALL),
    (3.0, "method: lookup, table: grades, keys: {f: b, s: b, i: c}, range: [0, 3]", ALL),
    (1.0, "method: cases, cases: [{when: {answer: a, gt: 3}, value: 0}], otherwise: 1, range: [0, 1]", ALL),
    (-2.6, "method: weighted, constant: 1, weights: {w: -0.05}", {"w": 72.0}),
    (1.3, "method: mean, items: [a, b, c], missing: half, range: [0, 4], decimals: 1", {"a": 1, "b": 1, "c": 2}),
]


@pytest.mark.parametrize(("expected", "scale", "answers"), BY_HAND)
def test_a_method_gives_what_was_worked_out_by_hand(expected: float, scale: str, answers: dict[str, float]) -> None:
    assert pytest.approx(expected, abs=1e-12) == value(scale, answers)


NOT_COMPUTED = [
    ("too-few-answers", f"method: sum, {AB}, missing: all, range: [0, 8]", {"a": 1}),
    ("too-few-answers", "method: prorated, items: [a, b], missing: more-than-half, range: [0, 8]", {"a": 1}),
    ("too-few-answers", f"method: table, {AB}, table: raw", {"a": 1}),
    ("too-few-answers", f"method: sum, {AB}, missing: all, range: [0, 8]", {"a": 1, "b": 9}),
    ("no-value", "method: lookup, table: grades, keys: {f: d, s: b}, range: [0, 3]", ALL),
    ("no-value", "method: cases, cases: [{when: {answer: a, gt: 3}, value: 0}], otherwise: 1, range: [0, 1]", {}),
    ("no-value", "method: cases, cases: [{when: {answer: a, gt: 3}, value: 0}], range: [0, 1]", ALL),
    ("no-value-set", "method: value-set, table: values, dimensions: {A: a, B: b}", ALL),
    (
        "too-few-overall",
        f"method: sum, {AB}, missing: any, range: [0, 8], overall: {{across: scale, missing: {{share_above: 0.5}}}}",
        {"a": 1},
    ),
    (
        "too-few-overall",
        f"method: sum, {AB}, missing: all, range: [0, 8], overall: {{across: instrument, missing: {{at_least: 3}}}}",
        {"a": 1, "b": 1},
    ),
]


@pytest.mark.parametrize(("reason", "scale", "answers"), NOT_COMPUTED)
def test_a_score_that_is_not_computed_says_why(reason: str, scale: str, answers: dict[str, float]) -> None:
    found = scores(defined(f"S: {{{scale}}}"), answers)["S"]
    assert (None, reason) == (found.value, found.reason)


GATE = "method: mean, items: [b], missing: all, range: [0, 4]"


@pytest.mark.parametrize(
    ("expected", "gate", "answers"),
    [
        (None, "unless: {answer: a, eq: 1}", {"a": 1, "b": 2}),
        (2.0, "unless: {answer: a, eq: 1}", {"a": 2, "b": 2}),
        (2.0, "unless: {answer: a, eq: 1}", {"b": 2}),
        (None, "only_if: {answer: a, eq: 1}", {"a": 2, "b": 2}),
        (2.0, "only_if: {answer: a, eq: 1}", {"a": 1, "b": 2}),
        (None, "only_if: {answer: a, eq: 1}", {"b": 2}),
        (2.0, "only_if: {not: {answer: a, answered: true}}", {"b": 2}),
        (None, "only_if: {or: [{answer: a, in: [1, 3]}, {answer: c, gt: 2}]}", {"b": 2, "a": 2}),
        (2.0, "only_if: {or: [{answer: a, in: [1, 3]}, {answer: c, gt: 2}]}", {"b": 2, "c": 3}),
        (None, "only_if: {and: [{answer: a, in: [1, 3]}, {answer: c, gt: 2}]}", {"b": 2, "c": 3}),
    ],
)
def test_a_gate_opens_and_shuts(expected: float | None, gate: str, answers: dict[str, float]) -> None:
    """Unknown leaves ``unless`` open and ``only_if`` shut. Seen failing with each read as the other."""
    found = scores(defined(f"S: {{{GATE}, {gate}}}"), answers)["S"]
    assert (expected, "computed" if expected else "not-applicable") == (found.value, found.reason)


@pytest.mark.parametrize(
    ("expected", "facts"), [(2.0, {"sex": "male"}), (None, {"sex": "female"}), (None, {}), (None, {"sex": "?"})]
)
def test_a_fact_about_the_person_decides(expected: float | None, facts: dict[str, str]) -> None:
    instrument = defined(f"S: {{{GATE}, only_if: {{fact: sex, eq: male}}}}")
    assert expected == scores(instrument, {"b": 2}, facts)["S"].value


def test_a_score_of_scores_needs_its_parts_and_says_so() -> None:
    instrument = defined(
        "S: {method: sum, scales: [P, Q], missing: all, range: [0, 8]}",
        "Q: {method: mean, items: [b], missing: all, range: [0, 4]}",
        steps=("P: {method: mean, items: [a], missing: all, range: [0, 4]}",),
    )
    complete, partial = scores(instrument, {"a": 1, "b": 2}), scores(instrument, {"a": 1})
    assert ({"S", "Q"}, 3.0, ("a", "b")) == (set(complete), complete["S"].value, complete["S"].items)
    assert (None, "parts-missing") == (partial["S"].value, partial["S"].reason)


def test_the_sub_scale_is_used_where_the_scale_is_not_there() -> None:
    """As with dyspnoea in the lung module: all three items, or the single items on their own."""
    instrument = defined(
        "S: {method: first, scales: [P, Q], range: [0, 8]}",
        steps=(
            "P: {method: sum, items: [a, b], missing: all, range: [0, 8]}",
            "Q: {method: sum, items: [c], missing: all, range: [0, 4]}",
        ),
    )
    assert 3.0 == scores(instrument, {"a": 1, "b": 2, "c": 4})["S"].value
    assert 4.0 == scores(instrument, {"a": 1, "c": 4})["S"].value


def test_a_t_score_comes_with_its_standard_error() -> None:
    found = scores(defined("S: {method: table, items: [a, b], table: raw}"), {"a": 1, "b": 2})["S"]
    assert (44.0, 3.0, 30.5, 70.1) == (found.value, found.error, found.low, found.high)


def test_a_pattern_of_answers_gives_a_t_score_with_its_error() -> None:
    """The estimators have tests of their own; here that the scale hands them the right codes."""
    instrument = defined("S: {method: irt, items: [a, b], missing: any, bank: bank}")
    low, high, none = (scores(instrument, answers)["S"] for answers in ({"a": 0, "b": 0}, {"a": 4, "b": 4}, {}))
    assert low.value is not None
    assert high.value is not None
    assert low.value < 45 < 55 < high.value
    assert low.error is not None
    assert (None, "too-few-answers") == (none.value, none.reason)
