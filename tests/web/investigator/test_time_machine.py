"""The draft lived through by made-up people."""

from typing import Any

import pytest

from app.scheduling.simulate import Kind
from app.scheduling.synthetic import Trait
from app.web.investigator.time_machine import KINDS, TRAITS
from tests.support.browser_form import page_text
from tests.support.forms import send
from tests.support.page_tables import table_of

PAGE = "/studies/HORIZON/design/time-machine"
ASKED = f"{PAGE}?people=11&years=1&seed=4&start=2026-01-01"


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def test_every_kind_and_trait_has_its_words():
    assert set(Kind) == set(KINDS)
    assert set(Trait) == set(TRAITS)


def test_openings_messages_and_the_burden_by_month(bob: Any):
    page = bob.get(ASKED)
    rows = table_of(page, "Burden by month")
    assert ["Month", "People", "Minutes, all together", "Messages, all together"] == rows[0][:4]
    assert 3 <= len(rows)
    assert "At the start: opens" in text_of(page)
    assert text_of(page) == text_of(bob.get(ASKED))


@pytest.mark.parametrize("query", ["people=0", "people=99", "people=x", "people=5&years=99", "people=5&start=never"])
def test_what_cannot_be_is_told(query: str, bob: Any):
    page = bob.get(f"{PAGE}?{query}")
    assert 422 == page.status_code
    assert "Something needs your attention" in text_of(page)


def test_a_draft_with_mistakes_waits(bob: Any):
    send(bob, "/studies/HORIZON/design/visits/M3", offset=["20", "D"])
    assert "as soon as everything in the draft fits together" in text_of(bob.get(PAGE))
