"""What a study still needs before it may ask: every problem once, and the small difference that takes it away."""

from datetime import date, timedelta

import pytest

from app.licences.readiness import CODES, Problem, blocking, offered, problems
from app.licences.terms import Permit
from app.questionnaires.library import Library
from tests.support.licences import ANOTHER, KEY, OURS, TODAY, library, pack, permit
from tests.support.world import AT

BOTH = (pack("en"), pack("fr"))
DAY = timedelta(days=1)


def found(
    have: Library, *permits: Permit, languages: tuple[str, ...] = ("en",), on: date = TODAY, until: date | None = None
) -> list[tuple[str, str | None]]:
    """The problems as code and language."""
    return [(one.code, one.language) for one in problems(have, permits, OURS, [KEY], languages, on, until)]


def test_a_wording_and_a_licence_for_study_and_language_are_enough():
    assert [] == found(library(*BOTH), permit(), languages=("en", "fr"))


def test_an_instrument_that_is_not_installed_is_one_problem():
    assert [Problem("instrument-unknown", "other@1.0")] == list(
        problems(library(), [], OURS, ["other@1.0"], ["en", "fr"], TODAY)
    )


def test_a_wording_that_is_missing_in_one_language_is_told_for_that_language():
    assert [("wording-missing", "fr")] == found(library(pack("en")), permit(), languages=("en", "fr"))


def test_a_withdrawn_wording_is_missing_and_told_apart():
    gone = pack("en", withdrawn_at=AT)
    told = problems(library(gone), [permit()], OURS, [KEY], ["en"], TODAY)
    assert [("wording-missing", {"is_withdrawn": True})] == [(one.code, one.facts) for one in told]


def test_a_preview_is_not_a_wording():
    """Seen failing with any wording taken for a good one."""
    assert [("wording-preview", "en")] == found(library(pack(kind="preview")), permit())


def test_a_licensed_wording_beside_a_preview_is_enough():
    assert [] == found(library(pack(kind="preview"), pack(version="2", kind="licensed")), permit())


def test_without_any_licence_there_is_one_problem_for_all_languages():
    assert [("licence-missing", None)] == found(library(*BOTH), languages=("en", "fr"))


@pytest.mark.parametrize("said", [{"study_ids": frozenset({ANOTHER})}, {"languages": frozenset({"fr"})}])
def test_a_licence_for_another_study_or_language_is_no_permission(said: dict[str, object]):
    assert [("permission-missing", "en")] == found(library(*BOTH), permit(**said))


def test_a_licence_for_every_study_covers_this_one():
    assert [] == found(library(*BOTH), permit(study_ids=None))


def test_a_free_wording_needs_no_licence():
    assert [] == found(library(*BOTH, wording="free"))


@pytest.mark.parametrize("electronic", ["separate", "ask"])
def test_electronic_use_is_attested_where_the_owner_licenses_it_apart(electronic: str):
    have = library(*BOTH, electronic=electronic)
    assert [("electronic-missing", "en")] == found(have, permit(electronic=False))


@pytest.mark.parametrize("electronic", ["included", "not-needed"])
def test_electronic_use_needs_nothing_more_where_the_owner_includes_it(electronic: str):
    assert [] == found(library(*BOTH, electronic=electronic), permit(electronic=False))


def test_a_licence_holds_on_its_first_and_on_its_last_day_and_not_outside():
    have, spring = library(*BOTH), permit(valid_from=TODAY, expires_on=TODAY + 100 * DAY)
    told = {shift: found(have, spring, on=TODAY + shift * DAY) for shift in (-1, 0, 100, 101)}
    assert {
        -1: [("licence-not-yet-valid", "en")],
        0: [],
        100: [("licence-expires", "en")],
        101: [("licence-expired", "en")],
    } == told


def test_the_end_of_a_licence_is_told_sixty_days_before():
    have = library(*BOTH)
    days = {left: found(have, permit(expires_on=TODAY + left * DAY)) for left in (61, 60)}
    assert {61: [], 60: [("licence-expires", "en")]} == days


def test_a_longer_look_ahead_tells_the_end_earlier():
    ends = TODAY + 300 * DAY
    assert [("licence-expires", "en")] == found(library(*BOTH), permit(expires_on=ends), until=ends + DAY)


def test_a_renewed_licence_beside_an_old_one_is_enough():
    old = permit(expires_on=TODAY - DAY)
    assert [] == found(library(*BOTH), old, permit(number="L-2"))


def test_only_the_end_of_a_licence_blocks_nothing():
    told = problems(library(*BOTH), [permit(expires_on=TODAY)], OURS, [KEY], ["en"], TODAY)
    assert ["licence-expires"] == [one.code for one in told]
    assert () == blocking(told)


def test_every_code_but_the_warning_blocks():
    assert {"licence-expires"} == {code for code in CODES if not Problem(code, KEY).is_blocking}


def test_a_language_is_offered_where_nothing_is_missing():
    told = problems(library(pack("en")), [permit()], OURS, [KEY], ["en", "fr"], TODAY)
    assert ("en",) == offered(told, ["en", "fr"])


def test_no_language_is_offered_without_a_licence():
    told = problems(library(*BOTH), [], OURS, [KEY], ["en", "fr"], TODAY)
    assert () == offered(told, ["en", "fr"])


def test_each_problem_carries_the_facts_that_its_sentence_needs():
    ended = problems(library(*BOTH), [permit(expires_on=TODAY - DAY)], OURS, [KEY], ["en"], TODAY)
    assert [{"expires_on": TODAY - DAY, "number": "L-1"}] == [one.facts for one in ended]
    coming = problems(library(*BOTH), [permit(valid_from=AT.date() + DAY)], OURS, [KEY], ["en"], TODAY)
    assert [{"valid_from": AT.date() + DAY}] == [one.facts for one in coming]
