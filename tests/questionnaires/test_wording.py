from datetime import date

import pytest

from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.parse import parse_instrument
from app.questionnaires.response_scales import RESPONSE_KINDS
from app.questionnaires.wording import Wording, parse_wording
from app.questionnaires.wording_checks import ANSWER_CHECKS
from tests.questionnaires.broken import said
from tests.support.instruments import DEFINITION, WORDING, changed, tiny_instrument, tiny_wording


def parsed(text: str, language: str | None = None) -> Wording:
    return parse_wording(text, "wording.en.yaml", tiny_instrument(), language)


def test_the_question_of_an_item_is_its_text() -> None:
    assert tiny_wording().item_text(ItemId("q1")) == "How are stairs for you?"


def test_a_page_has_its_heading() -> None:
    assert tiny_wording().page_text("whole") == "Life"


@pytest.mark.parametrize(
    ("expected", "response", "value"),
    [("Easy", "four", 1), ("Impossible", "four", 4), (None, "four", 5), (None, "seven", 1)],
)
def test_an_option_has_its_label_and_a_step_of_a_rating_has_none(expected: str, response: str, value: int) -> None:
    assert expected == tiny_wording().option_text(response, value)


def test_a_rating_has_labelled_ends_and_a_choice_has_none() -> None:
    assert [tiny_wording().ends("seven"), tiny_wording().ends("four")] == [("Very bad", "Very good"), None]


def test_an_item_may_name_the_period_it_asks_about() -> None:
    expected = [None, "In the last seven days"]
    instrument, wording = tiny_instrument(), tiny_wording()
    assert expected == [wording.recall_of(instrument, ItemId(item)) for item in ("q1", "q2")]


def test_a_scale_says_what_its_ends_mean() -> None:
    scale = tiny_wording().scales[ScaleId("PF")]
    assert (scale.name, scale.low, scale.high) == ("Moving", "Cannot move", "Moves freely")


def test_a_wording_is_named_by_instrument_language_and_its_own_version() -> None:
    wording = tiny_wording("fr")
    assert (wording.key, wording.instrument_key) == ("tiny@1.0/fr@1", "tiny@1.0")


@pytest.mark.parametrize("written", ["2026-01-31", '"2026-01-31"'])
def test_the_date_of_a_wording_is_written_with_or_without_quotes(written: str) -> None:
    assert parsed(changed(WORDING, "2026-01-31", written)).provenance.date == date(2026, 1, 31)


def test_the_hash_is_blind_to_comments_quotes_and_layout() -> None:
    text = "# A comment\n" + changed(WORDING, "title: How you move", 'title:   "How you move"')
    assert tiny_wording().content_hash == parsed(text).content_hash


def test_the_hash_changes_with_one_letter() -> None:
    assert tiny_wording().content_hash != parsed(changed(WORDING, "q2: How was", "q2: how was")).content_hash


LIFE = "QL: {name: Life, explanation"
MISTAKES = [
    (1, "instrument", "the definition says “tiny”", "instrument: tiny", "instrument: huge"),
    (2, "version", "the definition says “1.0”", 'version: "1.0"', 'version: "1.1"'),
    (3, "language", "the name of this file says “en”", "language: en", "language: fr"),
    (3, "language", "“English” cannot be used", "language: en", "language: English"),
    (4, "wording_version", 'Write it in quotes: "2".', 'wording_version: "1"', "wording_version: 2"),
    (5, "provenance.kind", "'own', 'licensed' or 'preview'", "kind: own", "kind: found"),
    (5, "provenance.date", "year-month-day", "2026-01-31", "2026-02-31"),
    (9, "recall_periods.week", "“week” is missing", "week: In the last seven days", "weak: In the last seven days"),
    (12, "response_scales.four.options.4", "“4” is missing", ", 4: Impossible", ""),
    (12, "response_scales.four.options.5", "no “5” here", "4: Impossible", "4: Impossible, 5: More"),
    (
        12,
        "response_scales.four.options",
        "order of the definition: 1, 2, 3, 4.",
        "1: Easy, 2: A",
        "2: Easy, 1: A",
    ),
    (13, "response_scales.seven.high", "“high” is missing", ", high: Very good}\npages", "}\npages"),
    (15, "pages.body", "looks like markup", "body: Moving", "body: Moving<br/>"),
    (18, "items.q1", "looks like markup", "q1: How are stairs for you?", "q1: How are stairs&nbsp;?"),
    (22, "scales.PF.name", "“name” is missing", "PF: {name: Moving, ", "PF: {"),
    (23, "scales.QL.lo", "Known here: name, explanation, low, high.", LIFE, "QL: {lo: x, name: Life, explanation"),
]


@pytest.mark.parametrize(("line", "where", "words", "old", "new"), MISTAKES)
def test_a_mistake_is_told_with_its_line_its_place_and_a_sentence(
    line: int, where: str, words: str, old: str, new: str
) -> None:
    """Every rule of the wording was seen failing here once: each change breaks one."""
    found = said(lambda: parsed(changed(WORDING, old, new), "en"))
    assert any((line, where) == one[:2] and words in one[2] for one in found), found


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("pages.body", "  body: Moving\n"),
        ("items.q2", "  q2: How was walking?\n"),
        ("scales.QL", "  QL: {name: Life, explanation: Life on the whole, low: Very bad, high: Very good}\n"),
        ("response_scales.seven", "  seven: {low: Very bad, high: Very good}\n"),
    ],
)
def test_nothing_may_be_missing(where: str, line: str) -> None:
    assert [where] == [place for _, place, _ in said(lambda: parsed(changed(WORDING, line, "")))]


@pytest.mark.parametrize(
    ("where", "after", "more"),
    [
        ("pages.end", "  whole: Life\n", "  end: The end\n"),
        ("items.q4", "  q3: How was life on the whole?\n", "  q4: And?\n"),
        ("recall_periods.month", "  week: In the last seven days\n", "  month: In the last month\n"),
        ("response_scales.ten", "  seven: {low: Very bad, high: Very good}\n", "  ten: {low: a, high: b}\n"),
    ],
)
def test_nothing_may_be_left_over(where: str, after: str, more: str) -> None:
    assert [where] == [place for _, place, _ in said(lambda: parsed(changed(WORDING, after, after + more)))]


def test_a_choice_has_options_and_not_ends() -> None:
    text = changed(WORDING, "{options: {1: Easy, 2: A little hard, 3: Hard, 4: Impossible}}", "{low: Easy, high: Hard}")
    assert said(lambda: parsed(text)) == [
        (12, "response_scales.four.options", "This is a choice: write the text of its options.")
    ]


def test_a_rating_has_ends_and_not_options() -> None:
    text = changed(WORDING, "seven: {low: Very bad, high: Very good}", "seven: {options: {1: Bad, 7: Good}}")
    assert [where for _, where, _ in said(lambda: parsed(text))] == ["response_scales.seven.options"]


def test_numbers_of_options_are_written_without_quotes() -> None:
    text = changed(WORDING, "4: Impossible", '"4": Impossible')
    assert (12, "response_scales.four.options.4", "“4” must be a whole number, without quotes.") in said(
        lambda: parsed(text)
    )


def test_without_its_instrument_only_the_shape_is_checked() -> None:
    text = changed(WORDING, "  q2: How was walking?\n", "")
    assert "q2" not in parse_wording(text, "wording.en.yaml", None).items


def test_every_kind_of_response_scale_has_its_check_of_the_wording() -> None:
    """Seen failing with a kind left out of the table."""
    assert set(ANSWER_CHECKS) == RESPONSE_KINDS


def test_an_instrument_without_recall_periods_needs_none_in_the_wording() -> None:
    definition = changed(DEFINITION, "recall_periods:\n  week: The last seven days\n", "").replace(", recall: week", "")
    text = changed(WORDING, "recall_periods:\n  week: In the last seven days\n", "")
    assert not parse_wording(text, "w", parse_instrument(definition, "d")).recall_periods


def test_every_check_has_its_sentence_in_the_wording() -> None:
    """Seen failing when the checks were not compared: a check would have been asked in English everywhere."""
    checks = """checks:
  - {key: odd, level: soft, items: [q1], when: {answer: q1, eq: 4}, message: Look again.}
scales:
  PF"""
    instrument = parse_instrument(changed(DEFINITION, "scales:\n  PF", checks), "d")
    expected = [(1, "checks.odd", "The text of “odd” is missing.")]
    assert expected == said(lambda: parse_wording(WORDING, "w", instrument))
    whole = WORDING + "checks:\n  odd: Is it what you meant?\n  even: And this?\n"
    assert ["checks.even"] == [place for _, place, _ in said(lambda: parse_wording(whole, "w", instrument))]
