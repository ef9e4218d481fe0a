"""The topics of every instrument as a wording: complete, and marked as what they are."""

from pathlib import Path

import pytest

from app.questionnaires.library import load
from app.questionnaires.response_scales import RESPONSE_KINDS
from app.questionnaires.topics import LABELS, topics
from app.questionnaires.wording_checks import LABELLED
from tests.support.instruments import tiny_instrument

SHIPPED = load(Path(__file__).parents[2] / "instruments")


@pytest.mark.parametrize("key", SHIPPED.keys)
def test_the_topics_of_every_instrument_name_all_that_a_wording_names(key: str) -> None:
    """Seen failing when the not-answers of a choice had no words."""
    instrument = SHIPPED.instrument(key)
    wording = topics(instrument)
    assert "preview" == wording.provenance.kind
    assert instrument.items.keys() == wording.items.keys()
    assert instrument.scales.keys() == wording.scales.keys()
    assert [page.key for page in instrument.pages] == list(wording.pages)
    for item in instrument.order:
        response = instrument.items[item].response
        codes = getattr(instrument.response_of(item), "not_answers", {})
        assert all(wording.option_text(response, code) for code in codes)
        assert wording.recall_of(instrument, item) != ""


def test_a_question_is_its_topic_and_an_option_its_code() -> None:
    wording = topics(tiny_instrument())
    assert ("Stairs", "3", "Page 1") == (
        wording.item_text("q1"),
        wording.option_text("four", 3),
        wording.page_text("body"),
    )
    assert ("Lowest answer", "Highest answer") == wording.ends("seven")


def test_every_kind_of_answer_that_has_words_has_them_here() -> None:
    """Seen failing with the row of the ranking taken away."""
    assert LABELLED == set(LABELS) <= RESPONSE_KINDS
