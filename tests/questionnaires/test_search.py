"""Finding an instrument in the library."""

from pathlib import Path

import pytest

from app.questionnaires import search
from app.questionnaires.definition import Instrument
from app.questionnaires.library import Library, load
from app.questionnaires.search import Wanted
from tests.support.instruments import write_instrument

SHIPPED = load(Path(__file__).parents[2] / "instruments")


def always(_instrument: Instrument) -> bool:
    return True


def never(_instrument: Instrument) -> bool:
    return False


@pytest.fixture
def library(tmp_path: Path) -> Library:
    write_instrument(tmp_path / "instruments", languages=("en",))
    return load(tmp_path / "instruments")


@pytest.mark.parametrize(
    "text", ["tiny", "TINY@1.0", "instrument tests", "stairs", "moving", "QL", "how you move", "Ḷífe"]
)
def test_it_is_found_by_its_code_title_family_topic_and_scale_whatever_the_accents(library: Library, text: str) -> None:
    assert ["tiny@1.0"] == search.matching(library, Wanted(text), always)


@pytest.mark.parametrize("text", ["tinny", "stairs lifts"])
def test_every_word_has_to_occur(library: Library, text: str) -> None:
    assert [] == search.matching(library, Wanted(text), always)


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        (Wanted(), True),
        (Wanted(family="Tests"), True),
        (Wanted(family="EORTC"), False),
        (Wanted(language="en"), True),
        (Wanted(language="fr"), False),
        (Wanted(respondent="self"), True),
        (Wanted(respondent="proxy"), False),
        (Wanted(answerable=True), True),
    ],
)
def test_filters_narrow_the_list(library: Library, wanted: Wanted, is_found: bool) -> None:
    assert is_found == bool(search.matching(library, wanted, always))


def test_what_cannot_be_shown_or_has_no_wording_cannot_be_answered(library: Library, tmp_path: Path) -> None:
    write_instrument(tmp_path / "bare", languages=())
    assert [] == search.matching(library, Wanted(answerable=True), never)
    assert [] == search.matching(load(tmp_path / "bare"), Wanted(answerable=True), always)


def test_the_list_is_sorted_by_title_and_cut_into_pages() -> None:
    keys = search.matching(SHIPPED, Wanted(), always)
    assert set(SHIPPED.keys) == set(keys)
    titles = [search.folded(SHIPPED.instrument(key).title) for key in keys]
    assert sorted(titles) == titles
    pages = [search.page(keys, number) for number in range(1, search.page(keys, 1).pages + 1)]
    assert keys == [key for page in pages for key in page.keys]
    assert pages[-1] == search.page(keys, 99)
    assert pages[0] == search.page(keys, 0)
    assert (1, 0) == (search.page([], 1).pages, search.page([], 1).total)
