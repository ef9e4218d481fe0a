"""The library for professionals: found, filtered, paged; and one instrument with all that was checked of it."""

from typing import Any

import pytest
from flask import Flask

from app.questionnaires.library import Library
from tests.support.browser_form import page_text

LIST = "/instruments"


@pytest.fixture
def library(app: Flask) -> Library:
    found: Library = app.extensions["weshare"].library
    return found


def rows(page: Any) -> list[str]:
    """The keys in the list."""
    return [part.split("<")[0] for part in page.text.split('<span class="key">')[1:]]


def test_the_list_shows_every_instrument_over_its_pages(bob: Any, library: Library) -> None:
    found: list[str] = []
    for number in range(1, 1 + -(-len(library.keys) // 25)):
        found += rows(bob.get(f"{LIST}?page={number}"))
    assert sorted(library.keys) == sorted(found)


OURS = [f"weshare-{name}@1.0" for name in ("carer", "clinical", "core", "end-of-study", "socioeconomic")]
FOUND = {
    "q=weshare-core": ["weshare-core@1.0"],
    "q=vos+journees": ["weshare-core@1.0"],
    "language=fr": OURS,
    "answerable=1": OURS,
    "family=PHQ&q=phq-9": ["phq-9@1.0"],
    "family=nothing": [],
    "respondent=proxy": [],
    "q=zzz": [],
}


def test_search_and_filters_are_in_the_address(bob: Any) -> None:
    assert FOUND == {query: sorted(rows(bob.get(f"{LIST}?{query}"))) for query in FOUND}
    assert "No instrument has all these words and properties." in page_text(bob.get(f"{LIST}?q=zzz"))


def test_a_row_says_items_minutes_wording_and_licence(bob: Any) -> None:
    own = page_text(bob.get(f"{LIST}?q=weshare-core"))
    assert all(words in own for words in ("30", "6", "WeShare’s own wording: English, French"))
    foreign = page_text(bob.get(f"{LIST}?q=qlq-c30"))
    assert all(words in foreign for words in ("Topics only", "Electronic use needs a licence of its own."))
    assert '<a href="/instruments" aria-current="page">' in bob.get(LIST).text


def test_an_instrument_shows_scales_rules_terms_and_fingerprints(bob: Any, library: Library) -> None:
    words = page_text(bob.get(f"{LIST}/weshare-core@1.0"))
    wording = library.wording("weshare-core@1.0", "fr")
    for expected in (
        "Physical functioning",
        "At least 3 of 5 parts are needed.",
        "0 to 100",
        "Higher is better",
        library.instrument_hash("weshare-core@1.0"),
        wording.content_hash,
        "the WeShare team",
        "Vos journées et votre bien-être",
    ):
        assert expected in words


def test_a_value_nobody_has_checked_is_not_shown_but_its_source_is(bob: Any, library: Library) -> None:
    """Seen failing with the status left out of account."""
    page = page_text(bob.get(f"{LIST}/eortc-qlq-c30@3.0"))
    scale = library.instrument("eortc-qlq-c30@3.0").scales["PF"]
    (threshold,) = scale.thresholds
    assert "to-confirm" == threshold.status
    assert threshold.source in page
    assert f"less than {threshold.value:g}" not in page
    assert threshold.title not in page


def test_a_value_that_was_checked_is_shown_with_its_source(bob: Any, library: Library) -> None:
    checked = [
        (key, one)
        for key in library.keys
        for scale in library.instrument(key).scales.values()
        for one in scale.thresholds
        if one.status == "confirmed"
    ]
    for key, one in checked[:3]:
        page = page_text(bob.get(f"{LIST}/{key}"))
        assert one.title in page
        assert one.source in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_instrument_has_its_page(signed_in: Any, library: Library, language: str) -> None:
    """Whatever methods, rules and gates it has. Seen failing on a scale without a stated range."""
    browser = signed_in("bob", language)
    pages = {key: browser.get(f"{LIST}/{key}") for key in library.keys}
    assert {200} == {page.status_code for page in pages.values()}
    told = {"en": "only if the answer to question", "fr": "seulement si la réponse à la question"}
    assert told[language] in page_text(pages["eortc-qlq-br23@1.0"])
    assert 404 == browser.get(f"{LIST}/nothing@1.0").status_code
