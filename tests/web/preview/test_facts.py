"""What a study would know of a person is read from a form with care."""

import pytest

from app.questionnaires.definition import Instrument
from app.web.preview import facts
from tests.support.instruments import changed
from tests.support.routed import DEFINITION
from tests.web.preview.definitions import parsed

BOTH = "facts:\n  age: {title: Age, minimum: 18, maximum: 120}\n  sex: {title: Sex, values: [female, male]}\n"


@pytest.fixture
def instrument() -> Instrument:
    return parsed(changed(DEFINITION, "facts:\n  sex: {title: Sex, values: [female, male]}\n", BOTH))


def test_words_and_numbers_are_read(instrument: Instrument) -> None:
    fields = {"fact-sex": "male", "fact-age": " 61,5 ", "fact-other": "x", "age": "70"}
    assert {"sex": "male", "age": 61.5} == facts.posted(instrument, fields)


@pytest.mark.parametrize("raw", ["", "17", "121", "Male", "1e2", "nan", "٣٠", "x", "--40"])
def test_what_is_no_possible_fact_is_not_known(instrument: Instrument, raw: str) -> None:
    assert {} == facts.posted(instrument, {"fact-sex": raw, "fact-age": raw})
