"""When the end of a licence is spoken of: early at sixty days, urgently at fourteen, and once it is over."""

from datetime import timedelta

import pytest

from app.licences.terms import endings
from tests.support.licences import TODAY, permit


@pytest.mark.parametrize(("stage", "days"), [(60, 60), (60, 15), (14, 14), (14, 0), (0, -1), (0, -400)])
def test_the_end_is_told_in_stages(stage: int, days: int):
    found = endings([permit(expires_on=TODAY + timedelta(days=days))], TODAY)
    assert [(stage, days)] == [(one.stage, one.days_left) for one in found]


@pytest.mark.parametrize("said", [{}, {"expires_on": TODAY + timedelta(days=61)}])
def test_nothing_is_told_of_a_licence_that_holds(said: dict[str, object]):
    assert () == endings([permit(**said)], TODAY)


def test_the_first_to_end_is_told_first():
    days = [30, -3, 7]
    told = endings([permit(expires_on=TODAY + timedelta(days=one)) for one in days], TODAY)
    assert sorted(days) == [one.days_left for one in told]
