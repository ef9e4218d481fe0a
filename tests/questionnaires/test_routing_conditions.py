"""Routing where items and pages have conditions."""

from functools import reduce

from app.questionnaires import routing
from app.questionnaires.answers import DECLINED, AnswerValue
from app.questionnaires.elements import ItemId
from app.questionnaires.parse import parse_instrument
from app.questionnaires.routing import Known
from app.scoring.known import known_of
from app.scoring.plan import compile_plan
from tests.support import features
from tests.support.instruments import DEFINITION, changed

FIRST = "  q0: {topic: Any trouble, response: four}\n"
CHECKS = """checks:
  - {key: odd, level: soft, items: [q0], message: Look, when: {and: [{answer: q0, eq: 4}, {answer: q1, eq: 1}]}}
"""
FACTS = "facts: {age: {title: Age, minimum: 0, maximum: 120}}\n"
CHANGES = {
    "recall_periods:": FACTS + CHECKS + "recall_periods:",
    "items:\n": "items:\n" + FIRST,
    "Stairs, response: four": "Stairs, response: four, ask_if: {answer: q0, gt: 1}, skipped: 1",
    "Walking, response: four": "Walking, response: four, ask_if: {answer: q1, gt: 2}, skipped: 1",
    "items: [q1, q2]}": "items: [q0, q1, q2]}",
    "items: [q3]}": "items: [q3], ask_if: {fact: age, ge: 18}}",
}
TEXT = reduce(lambda text, change: text.replace(*change, 1), CHANGES.items(), DEFINITION)
INSTRUMENT = parse_instrument(TEXT, "definition.yaml")


def given(**answers: AnswerValue) -> dict[ItemId, AnswerValue]:
    return {ItemId(name): value for name, value in answers.items()}


KINDS = changed(
    changed(
        changed(DEFINITION, DEFINITION[DEFINITION.index("response_scales:") : DEFINITION.index("items:\n")], """\
response_scales:
  four: {kind: choice, options: [1, 2, 3, 4]}
  which: {kind: multiple, options: [1, 2, 3]}
  day: {kind: date, precision: month}
  words: {kind: text}
  much: {kind: number, unit: kg, minimum: 0, maximum: 9, decimals: 1}
"""),
        DEFINITION[DEFINITION.index("items:\n") : DEFINITION.index("pages:")], """\
items:
  m: {topic: Several, response: which}
  d: {topic: Day, response: day}
  t: {topic: Words, response: words}
  kg: {topic: Number, response: much}
  after_m: {topic: A, response: four, ask_if: {answer: m, eq: 3}}
  after_d: {topic: B, response: four, ask_if: {answer: d, answered: true}}
  after_t: {topic: C, response: four, ask_if: {answer: t, eq: "yes"}}
  after_n: {topic: D, response: four, ask_if: {answer: kg, gt: 2}}
"""),
    DEFINITION[DEFINITION.index("pages:") :], """\
pages:
  - {key: all, items: [m, d, t, kg, after_m, after_d, after_t, after_n]}
scales: {}
""",
)  # fmt: skip
ADULT = Known({"age": 40.0})


def test_an_item_is_asked_only_where_its_condition_is_true() -> None:
    assert ("q0",) == routing.asked(INSTRUMENT, given())
    assert ("q0",) == routing.asked(INSTRUMENT, given(q0=1))
    assert ("q0",) == routing.asked(INSTRUMENT, given(q0=DECLINED))
    assert ("q0", "q1") == routing.asked(INSTRUMENT, given(q0=2))
    assert ("q0", "q1", "q2") == routing.asked(INSTRUMENT, given(q0=2, q1=3))


def test_an_answer_off_the_path_opens_nothing() -> None:
    """Seen failing when conditions read every answer: q2 was asked because of an answer to q1 that was left behind."""
    assert ("q0",) == routing.asked(INSTRUMENT, given(q0=1, q1=4, q2=2))


def test_a_page_is_shown_to_those_it_is_for() -> None:
    assert "q3" in routing.asked(INSTRUMENT, given(), ADULT)
    assert ["body"] == [screen.page_key for screen in routing.screens(INSTRUMENT, "page")]


def test_progress_counts_what_is_asked() -> None:
    assert routing.Progress(1, 1) == routing.progress(INSTRUMENT, given(q0=1))
    assert routing.Progress(1, 2) == routing.progress(INSTRUMENT, given(q0=2))


def test_what_routing_left_out_counts_as_skipped_and_what_was_left_blank_does_not() -> None:
    """Seen failing, one at a time: for every item without an answer; for every item that is not surely asked."""
    assert given(q0=1, q1=1) == routing.with_skipped(INSTRUMENT, given(q0=1, q1=4))
    assert given(q0=2, q1=2, q2=1) == routing.with_skipped(INSTRUMENT, given(q0=2, q1=2))
    assert given(q0=2) == routing.with_skipped(INSTRUMENT, given(q0=2))
    assert given() == routing.with_skipped(INSTRUMENT, given())


def test_a_check_speaks_where_it_has_something_to_say() -> None:
    assert ["odd"] == [check.key for check in routing.objections(INSTRUMENT, given(q0=4, q1=1))]
    assert () == routing.objections(INSTRUMENT, given(q0=4))
    assert () == routing.objections(INSTRUMENT, given(q0=1, q1=1))


def test_conditions_see_answers_of_every_kind() -> None:
    """Seen failing when only whole numbers were let through."""
    kinds = parse_instrument(KINDS, "definition.yaml")
    assert ("m", "d", "t", "kg") == routing.asked(kinds, given())
    one: dict[ItemId, AnswerValue] = {**given(m=(1, 3)), **given(d="2026-05", t="yes", kg=2.5)}
    assert ("m", "d", "t", "kg", "after_m", "after_d", "after_t", "after_n") == routing.asked(kinds, one)


def test_what_rests_on_a_skipped_question_is_skipped_and_what_rests_on_a_blank_one_was_never_seen() -> None:
    """Seen failing when a question behind a skipped one was told as never seen."""
    assert ("q1", "q2") == routing.skipped(INSTRUMENT, given(q0=1), ADULT)
    assert () == routing.skipped(INSTRUMENT, given(q0=DECLINED), ADULT)
    assert () == routing.skipped(INSTRUMENT, given(q0=3))  # whether somebody is of age, nobody knows


def test_a_condition_on_a_score_sees_the_answers_so_far_that_count() -> None:
    instrument = features.library().instrument("routing@1.0")
    known = known_of(compile_plan(instrument), None, {"arm": "B"})
    tired = given(w1=4, w2=4)
    assert ("w1", "w2", "w3") == routing.asked(instrument, tired, known)
    assert ("w1", "w2") == routing.asked(instrument, given(w1=1, w2=2), known)
    assert ("w1", "w2") == routing.asked(instrument, tired)  # nobody computes scores
    assert ("w3", "w4", "w5") == routing.skipped(instrument, given(w1=1, w2=2), known)
