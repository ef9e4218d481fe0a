"""What a definition can get wrong about grids, pictures and adaptive tests: each case breaks one rule."""

import pytest

from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import parse_wording
from tests.questionnaires.broken import said
from tests.support.features import FOLDER
from tests.support.instruments import changed

RULES = '{scale: "EN", precise: 0.35, shortest: 2, longest: 4}'
PAGE = '{key: "test", items: ["a1", "a2", "a3", "a4", "a5", "a6"]}'
AREAS = '{scale: "EN", longest: 4, areas: [{key: "x", items: ["a1", "a2"], least: 3}]}'
NO_SUCH_AREA = '{scale: "EN", areas: [{key: "x", items: ["a9"]}]}'
TWO_PAGES = '{key: "test", items: ["a1", "a2", "a3", "a4", "a5"]}\n  - {key: "more", items: ["a6"]}'
FOUR, LINE = 'kind: "choice", options: [1, 2, 3, 4]', 'kind: "vas", minimum: 1, maximum: 4'
G2, A2 = 'topic: "Walking", response: ', 'question 2", response: "five"'
WRONG = [
    ("grid", "pages.1.grid", "on one response scale", f'{G2}"four"', f'{G2}"ten"'),
    ("grid", "pages.1.grid", "Only a choice or a rating", FOUR, LINE),
    ("body-sites", "response_scales.where", "not an option: 7", '1: "head"', '7: "head"'),
    ("body-sites", "response_scales.where", "the same region", '2: "chest"', '2: "head"'),
    ("body-sites", "response_scales.where.picture.regions.2", "Write one of", '2: "chest"', '2: "heart"'),
    ("adaptive", "adaptive.scale", "There is no scale “EM”.", RULES, '{scale: "EM"}'),
    ("adaptive", "adaptive.first", "There is no item “a9”", RULES, '{scale: "EN", first: "a9"}'),
    ("adaptive", "adaptive.areas.1.items.1", "There is no item “a9”", RULES, NO_SUCH_AREA),
    ("adaptive", "adaptive", "5 to 4 items cannot be", RULES, '{scale: "EN", shortest: 5, longest: 4}'),
    ("adaptive", "adaptive", "has not 3 items", RULES, AREAS),
    ("adaptive", "adaptive.scale", "are those of one page", PAGE, TWO_PAGES),
    ("adaptive", "items.a2.ask_if", "The answers decide", A2, f'{A2}, ask_if: {{answer: "a1", gt: 1}}'),
]


def definition(feature: str) -> str:
    text = (FOLDER / feature / "1.0" / "definition.yaml").read_text(encoding="utf-8")
    ten = 'response_scales:\n  ten: {kind: "rating", minimum: 0, maximum: 10}\n'
    return text.replace("response_scales:\n", ten) if feature == "grid" else text


@pytest.mark.parametrize(("feature", "where", "words", "old", "new"), WRONG)
def test_a_mistake_is_told_with_its_place(feature: str, where: str, words: str, old: str, new: str) -> None:
    """Each was taken before its rule was there."""
    found = said(lambda: parse_instrument(changed(definition(feature), old, new), "definition.yaml"))
    assert any(where == place and words in message for _line, place, message in found), found


def test_a_key_that_is_not_used_leaves_the_hash_of_a_definition_as_it_was() -> None:
    """A submission keeps the hash: the language may grow without making old questionnaires look changed."""
    instrument = parse_instrument(definition("choice"), "definition.yaml")
    dumped = instrument.model_dump(mode="json")
    assert "adaptive" not in dumped
    assert {"key", "items", "section", "ask_if"} == set(dumped["pages"][0])
    grid: Instrument = parse_instrument(definition("grid"), "definition.yaml")
    assert grid.model_dump(mode="json")["pages"][0]["grid"]


def test_a_wording_says_what_every_check_says() -> None:
    """Seen failing when checks were not among the names that a wording must have."""
    instrument = parse_instrument(definition("checks"), "definition.yaml")
    text = (FOLDER / "checks" / "1.0" / "wording.en.yaml").read_text(encoding="utf-8")
    broken = text[: text.index('  work: "Nobody')]
    assert ["The text of “work” is missing."] == [
        message for _line, _where, message in said(lambda: parse_wording(broken, "w.yaml", instrument))
    ]
