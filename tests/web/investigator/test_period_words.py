"""Periods in two boxes: a number and a unit mean the same period again, whatever was typed."""

from hypothesis import given
from hypothesis import strategies as st

from app.scheduling.period import parse_period
from app.web.investigator.period_words import parts, written


@given(st.integers(-600, 600), st.sampled_from("DWM"))
def test_a_number_and_a_unit_come_back_as_the_same_period(amount: int, unit: str):
    text = written(str(amount), unit)
    assert parse_period(text) == parse_period(written(*parts(text)))


@given(st.text(max_size=12), st.sampled_from(["D", "iso", "nonsense"]))
def test_whatever_was_typed_instead_of_a_number_stays(typed: str, unit: str):
    text = written(typed, unit)
    assert text == typed or parse_period(text)


def test_a_mixed_period_is_shown_as_it_is_written():
    assert ("P1M3D", "iso") == parts("P1M3D")
    assert ("P1Y6M", "iso") == parts("P1Y6M")
    assert ("24", "M") == parts("P24M")
    assert ("-1", "W") == parts("-P7D")
    assert ("soon", "iso") == parts("soon")
