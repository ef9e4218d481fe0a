"""The empty wording file: complete for every instrument, and without a word of anybody's text."""

import re

import pytest

from app.questionnaires.definition import Instrument
from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.parse import parse_instrument
from app.questionnaires.response_scales import RESPONSE_KINDS
from app.questionnaires.wording import parse_wording
from app.questionnaires.wording_template import ANSWERS, template
from tests.support.instruments import DEFINITION, changed, tiny_instrument
from tests.support.sheets import library

SHIPPED = library()
EVERY_KIND = changed(
    DEFINITION,
    "  seven: {kind: rating, minimum: 1, maximum: 7}\n",
    """\
  seven: {kind: rating, minimum: 1, maximum: 7, not_answers: {99: do-not-know}}
  "no": {kind: vas, minimum: 0, maximum: 100}
  many: {kind: multiple, options: [1, 2, 0], exclusive: [0]}
  order: {kind: ranking, options: [3, 1, 2]}
  kilos: {kind: number, unit: kg, minimum: 20, maximum: 300}
  day: {kind: date}
  words: {kind: text}
""",
)


def filled(instrument: Instrument) -> str:
    """The template with something in every empty place."""
    text = template(instrument, "fr").replace('date: ""', 'date: "2026-01-31"')
    return re.sub(r'^(?!.*# certificate)(.*): ""', r'\1: "x"', text, flags=re.MULTILINE)


@pytest.mark.parametrize("key", SHIPPED.keys)
def test_filled_in_it_is_a_sound_wording_of_every_shipped_instrument(key: str):
    """Seen failing with the options in another order, with scales left out, and with the key “no” not in quotes."""
    wording = parse_wording(filled(SHIPPED.instrument(key)), "w", SHIPPED.instrument(key), "fr")
    assert key == wording.instrument_key


def test_it_knows_every_kind_of_answer():
    instrument = parse_instrument(EVERY_KIND, "d")
    text = filled(instrument)
    assert "tiny@1.0" == parse_wording(text, "w", instrument, "fr").instrument_key
    assert '      99: "x"  # do-not-know' in text
    assert '  "no":' in text
    assert ANSWERS.keys() == RESPONSE_KINDS


def test_as_it_is_every_empty_place_is_a_mistake_and_nothing_else():
    text = template(tiny_instrument(), "fr")
    with pytest.raises(BrokenFile) as broken:
        parse_wording(text, "w", tiny_instrument(), "fr")
    empty = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r'(?!.*# cert)[^#]*: ""', line)]
    assert empty == [one.line for one in broken.value.mistakes]


def test_outside_the_comments_it_holds_no_text():
    """No text is invented: all quotes but those of the file's head are empty."""
    body = template(tiny_instrument(), "fr").split("\ntitle:", 1)[1]
    assert not [found for found in re.findall(r'"([^"]*)"', body) if found]


def test_a_topic_stands_beside_its_empty_text():
    assert '  q1: ""  # Stairs\n' in template(tiny_instrument(), "fr")


def test_a_topic_of_two_lines_stays_a_comment():
    instrument = parse_instrument(changed(DEFINITION, "topic: Stairs", 'topic: "Stairs\\nq9: hidden"'), "d")
    assert '  q1: ""  # Stairs q9: hidden\n' in template(instrument, "fr")


def test_a_free_wording_is_our_own_and_asks_for_no_licence():
    free = changed(DEFINITION, "  contact: nobody\n", "  contact: nobody\n  wording: free\n")
    text = template(parse_instrument(free, "d"), "fr")
    assert 'kind: "own"' in text
    assert "licence_number" not in text
