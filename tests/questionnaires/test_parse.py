import json
import random
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.definition import Instrument
from app.questionnaires.mistakes import MAX_LISTED, BrokenFile
from app.questionnaires.parse import parse_instrument
from tests.questionnaires.broken import mistakes, said
from tests.support import floors
from tests.support.instruments import DEFINITION, changed, tiny_instrument


def one_mistake(old: str, new: str) -> tuple[int, str, str]:
    """The only mistake of the definition with one passage changed."""
    (found,) = said(lambda: parse_instrument(changed(DEFINITION, old, new), "definition.yaml"))
    return found


def test_a_sound_definition_becomes_an_instrument() -> None:
    instrument = tiny_instrument()
    assert (
        instrument.key,
        instrument.order,
        instrument.response_of(instrument.order[0]).values,
    ) == ("tiny@1.0", ("q1", "q2", "q3"), (1, 2, 3, 4))


def test_bytes_and_text_give_the_same_instrument() -> None:
    assert tiny_instrument() == parse_instrument(DEFINITION.encode(), "definition.yaml")


TITLE = "title: A tiny instrument"
OF_SHAPE = [
    (1, "code", "Write small letters", "code: tiny", "code: Tiny_"),
    (2, "version", 'Write it in quotes: "1.0".', 'version: "1.0"', "version: 1.0"),
    (3, "title", 'Write it in quotes: "12".', TITLE, "title: 12"),
    (3, "title", "nothing is written", TITLE, "title:"),
    (3, "title", "only blanks", TITLE, 'title: "  "'),
    (3, "title", "it is empty", TITLE, 'title: ""'),
    (3, "title", "a list is written", TITLE, "title: [a]"),
    (3, "title", "looks like markup", TITLE, "title: A <b>tiny</b> instrument"),
    (3, "title", "looks like markup", TITLE, 'title: "{{ config }}"'),
    (3, "title", "at most 4000", TITLE, "title: " + "a" * 4001),
    (4, "family", 'Write "no" in quotes', "family: Tests", "family: no"),
    (5, "colour", "“colour” is not known here. Known here: code, ", "family: Tests", "family: Tests\ncolour: red"),
    (6, "licence.contact", "“contact” is missing here.", "  contact: nobody\n", ""),
    (9, "respondent", "'self', 'proxy' or 'interviewer'", "respondent: self", "respondent: me"),
    (10, "minutes", "“1” without quotes", "minutes: 1", 'minutes: "1"'),
    (10, "minutes", "A whole number is needed", "minutes: 1", "minutes: soon"),
    (10, "minutes", "A whole number is needed", "minutes: 1", "minutes: true"),
    (10, "minutes", "at least 1", "minutes: 1", "minutes: 0"),
    (10, "minutes", "at most 120", "minutes: 1", "minutes: 121"),
    (10, "minutes", 'Write "1:30" in quotes', "minutes: 1", "minutes: 1:30"),
    (14, "response_scales.four.lable", "Known here: not_answers, kind, options.", "3, 4]", "3, 4], lable: x"),
    (14, "response_scales.four.options", "more than once: 2.", "[1, 2, 3, 4]", "[1, 2, 2, 4]"),
    (14, "response_scales.four.options", "A list is needed", "[1, 2, 3, 4]", "1"),
    (14, "response_scales.four.options.2", "A whole number", "[1, 2, 3, 4]", "[1, two, 3, 4]"),
    (15, "response_scales.seven", "(7) must be below the maximum (7)", "minimum: 1", "minimum: 7"),
    (15, "response_scales.seven", "at most 101 steps", "maximum: 7", "maximum: 1000"),
    (15, "response_scales.seven.maximum", "at most 9999", "maximum: 7", "maximum: 999999999999"),
    (15, "response_scales.seven.maximum", "“maximum” is missing", ", maximum: 7", ""),
    (15, "response_scales.seven", "'choice', 'rating'", "kind: rating", "kind: slider"),
    (15, "response_scales.seven", "“kind” is missing", "kind: rating, ", ""),
    (17, "items.q1.topic", "nothing is written", "topic: Stairs", "topic: "),
    (18, "items.q2.recal", "Did you mean “recall”?", "Walking, response: four, recall", "W, response: four, recal"),
    (24, "scales.PF.reversed", "True or false is needed", "reversed: true", 'reversed: "true"'),
    (25, "scales.QL", "A scale is made of items", "QL: {title: Life, items: [q3]", "QL: {title: Life, items: []"),
]
OF_SENSE = [
    (17, "items.q1.response", "“fuor”. Did you mean “four”?", "Stairs, response: four", "S, response: fuor"),
    (18, "items.q2.recall", "no recall period “weak”", "four, recall: week", "four, recall: weak"),
    (19, "items.q3", "is on no page", "  - {key: whole, items: [q3]}\n", ""),
    (21, "pages.1.items.3", "There is no item “q9”", "body, items: [q1, q2]", "body, items: [q1, q2, q9]"),
    (21, "pages.1.items.3", "already on a page (line 21)", "body, items: [q1, q2]", "body, items: [q1, q2, q1]"),
    (22, "pages.2.items.2", "already on a page (line 21)", "whole, items: [q3]", "whole, items: [q3, q2]"),
    (22, "pages.2.key", "The page “body” is already here, on line 21", "key: whole", "key: body"),
    (24, "scales.PF", "1 to 4 (“q1”) and 1 to 7 (“q3”)", "Moving, items: [q1, q2]", "Moving, items: [q1, q3]"),
    (24, "scales.PF.items.2", "There is no item “q7”", "Moving, items: [q1, q2]", "Moving, items: [q1, q7]"),
    (
        24,
        "scales.PF.items.2",
        "“q1” is already here",
        "Moving, items: [q1, q2]",
        "Moving, items: [q1, q1]",
    ),
]


@pytest.mark.parametrize(("line", "where", "words", "old", "new"), OF_SHAPE + OF_SENSE)
def test_a_mistake_is_told_with_its_line_its_place_and_a_sentence(
    line: int, where: str, words: str, old: str, new: str
) -> None:
    """Every rule of the definition was seen failing here once: each change breaks exactly one."""
    found_line, found_where, message = one_mistake(old, new)
    assert (line, where) == (found_line, found_where)
    assert words in message


def test_mistakes_of_shape_and_of_sense_are_listed_together_from_top_to_bottom() -> None:
    """Seen failing with checks on the finished model, which a single mistake of shape keeps from existing."""
    text = changed(DEFINITION, "minutes: 1", "minutes: no")
    text = changed(text, "Stairs, response: four", "Stairs, response: five, recal: week")
    text = changed(text, "body, items: [q1, q2]", "body, items: [q1, q2, q9]")
    text = changed(text, "method: linear, reversed: false", "method: cubic, reversed: false")
    expected = [(10, "minutes"), (17, "items.q1.recal"), (17, "items.q1.response"), (21, "pages.1.items.3")]
    found = mistakes(lambda: parse_instrument(text, "definition.yaml"))
    assert [*expected, (25, "scales.QL")] == [(one.line, one.where) for one in found]


def test_an_ambiguous_word_is_told_once_and_not_again_as_a_wrong_type() -> None:
    text = changed(DEFINITION, "[1, 2, 3, 4]", "[1, 2, 3, 1:30]")
    assert len(mistakes(lambda: parse_instrument(text, "definition.yaml"))) == 1


def test_an_ambiguous_name_is_told_once_and_not_again_by_the_checks() -> None:
    text = changed(DEFINITION, "items:\n  q1", "items:\n  no: {topic: x, response: four}\n  q1")
    assert len(mistakes(lambda: parse_instrument(text, "definition.yaml"))) == 1


@pytest.mark.parametrize("name", ["q é", "3", "_q", "__class__", "a.b", "'1'", "q1-2", "q" * 41])
def test_an_item_has_a_plain_name(name: str) -> None:
    """Such names end up in forms, addresses and tables."""
    text = DEFINITION.replace("q1", name)
    assert (17, True) in {
        (line, "name" in message) for line, _, message in said(lambda: parse_instrument(text, "definition.yaml"))
    }


@pytest.mark.parametrize(("where", "old", "new"), [("code", "tiny", "huge"), ("version", "1.0", "2.0")])
def test_a_file_stands_in_the_folders_that_it_names(where: str, old: str, new: str) -> None:
    text = DEFINITION.replace(f'{where}: "{old}"', f'{where}: "{new}"').replace(f"{where}: {old}", f"{where}: {new}")
    found = said(lambda: parse_instrument(text, "definition.yaml", ("tiny", "1.0")))
    assert [(where, f"“{new}” stands in a folder named “{old}”.")] == [(place, message) for _, place, message in found]


@pytest.mark.parametrize("text", ["just words", "- a\n- b", "12", "null", "{}"])
def test_a_file_that_is_something_else_is_refused(text: str) -> None:
    assert mistakes(lambda: parse_instrument(text, "definition.yaml"))


def test_a_list_of_mistakes_without_end_is_cut() -> None:
    text = DEFINITION + "".join(f"unknown{number}: 1\n" for number in range(5_000))
    found = mistakes(lambda: parse_instrument(text, "definition.yaml"))
    assert (MAX_LISTED + 1, f"There are more mistakes; the first {MAX_LISTED} are listed.") == (
        len(found),
        found[-1].message,
    )


WIDE = {
    "unknown items": "items: {q1: {}}\npages: [{key: a, items: [" + "q, " * 45_000 + "]}]",
    "many items, many dangling": "items: {"
    + "".join(f"q{number}: {{}}, " for number in range(12_000))
    + "}\npages: [{key: a, items: ["
    + "".join(f"p{number}, " for number in range(12_000))
    + "]}]",
    "names to compare": "items: {"
    + "".join(f"question_{number}: {{response: response_{number}x}}, " for number in range(4_000))
    + "}\nresponse_scales: {"
    + "".join(f"response_{number}: {{}}, " for number in range(4_000))
    + "}\npages: [{key: a, items: ["
    + "".join(f"question_{number}x, " for number in range(4_000))
    + "]}]",
    "long scale of a long choice": "items: {q1: {response: four}}\nscales: {S: {items: ["
    + "q1, " * 20_000
    + "]}}\nresponse_scales: {four: {kind: choice, options: ["
    + "1, " * 25_000
    + "]}}",
    "many broken items": "items: {" + "".join(f"q{number}: {{a: }}, " for number in range(12_000)) + "}",
    "one scale after another": "scales: {" + "".join(f"S{number}: {{items: [q1]}}, " for number in range(8_000)) + "}",
    "long names": "items: {q1: {response: " + "x" * 1_000_000 + "}}\n" + "y" * 900 + ": 1",
    "many options": "response_scales: {four: {kind: choice, options: [" + "1, " * 40_000 + "]}}",
}


@pytest.mark.parametrize("name", WIDE)
def test_a_file_full_of_mistakes_is_refused_about_as_fast_as_it_is_read(name: str) -> None:
    """Seen failing without the limits of sentences.suggestion: comparing all names takes many seconds."""
    found = []
    work = partial(mistakes, lambda: parse_instrument(WIDE[name], "definition.yaml"))
    assert floors.times(lambda: found.extend(work()), floors.reading_a_plain_file) <= 5
    assert found


SIGNS = st.text(alphabet="q12 \n:-[]{}&*!'\"|>#,~.no\té", max_size=6)


@given(st.integers(0, len(DEFINITION)), st.integers(0, 40), SIGNS)
def test_a_damaged_definition_is_parsed_or_refused_and_nothing_else_happens(at: int, cut: int, put: str) -> None:
    text = DEFINITION[:at] + put + DEFINITION[at + cut :]
    with suppress(BrokenFile):
        assert isinstance(parse_instrument(text, "definition.yaml"), Instrument)


@given(st.randoms(use_true_random=False))
def test_shuffled_lines_are_parsed_or_refused_and_nothing_else_happens(chance: random.Random) -> None:
    lines = DEFINITION.splitlines()
    chance.shuffle(lines)
    with suppress(BrokenFile):
        assert isinstance(parse_instrument("\n".join(lines), "definition.yaml"), Instrument)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 99), st.sampled_from(["q1", "four", "choice", "1.0", "week"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["q1", "kind", "items", "options", "four", "response", "choice"]), inner),
    ),
    max_leaves=12,
)
PARTS = sorted(Instrument.model_fields)


@given(st.dictionaries(st.sampled_from(PARTS), VALUES, min_size=1))
def test_any_shape_under_the_known_names_is_refused_with_places(content: dict[str, object]) -> None:
    """JSON is YAML: whatever stands under a known name, the answer is a list of mistakes and never a crash."""
    assert all(one.message for one in mistakes(lambda: parse_instrument(json.dumps(content), "definition.yaml")))
