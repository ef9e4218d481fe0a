"""Charlie works on another study: every address of this one is a page that does not exist."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.answers import answer_all
from tests.support.world import World

PAGES = (
    "/studies/{code}",
    "/studies/{code}/participants/H-001",
    "/studies/{code}/course",
    "/studies/{code}/data",
    "/studies/{code}/data/answers.csv",
    "/studies/{code}/data/scores.csv",
    "/studies/{code}/data/codebook.csv",
)


def body(response: Any, code: str) -> str:
    """What a stranger can learn: the page without its token, and without the address that the stranger typed."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", response.text).replace(code, "CODE")


@pytest.mark.parametrize("page", PAGES)
def test_charlie_finds_nothing_and_cannot_tell_it_from_no_study(page: str, signed_in: Callable[[str], Any]):
    """Seen failing when find_access stopped asking for an appointment."""
    charlie = signed_in("staff-charlie")
    foreign, missing = charlie.get(page.format(code="HORIZON")), charlie.get(page.format(code="NOWHERE"))
    assert (404, 404) == (foreign.status_code, missing.status_code)
    assert body(missing, "NOWHERE") == body(foreign, "HORIZON")


@pytest.mark.parametrize("page", PAGES)
def test_a_participant_finds_nothing(page: str, signed_in: Callable[[str], Any]):
    assert 404 == signed_in("alice").get(page.format(code="HORIZON")).status_code


@pytest.mark.parametrize("page", ["/studies", *PAGES])
def test_whoever_is_not_signed_in_is_sent_to_sign_in(page: str, client: Any):
    answer = client.get(page.format(code="HORIZON"), headers={"Accept-Language": "en"})
    assert 302 == answer.status_code
    assert answer.location.startswith("/staff/sign-in?next=")


@pytest.mark.parametrize("page", PAGES)
def test_bob_opens_every_page(page: str, bob: Any):
    assert 200 == bob.get(page.format(code="HORIZON")).status_code


def test_charlie_sees_the_own_study_only(signed_in: Callable[[str], Any]):
    page = signed_in("staff-charlie").get("/studies").text
    assert "/studies/OTHER" in page
    assert "HORIZON" not in page


def test_somebody_of_one_site_finds_nobody_of_another(world: World, at_second_site: Any):
    """Seen failing when Among was asked about the whole study in participant()."""
    with world.study() as session:
        answer_all(session, world, "alice")
        answer_all(session, world, "dora")
        session.commit()
    here = at_second_site.get("/studies/HORIZON/participants/H-002")
    there = at_second_site.get("/studies/HORIZON/participants/H-001")
    nobody = at_second_site.get("/studies/HORIZON/participants/H-999")
    assert (200, 404, 404) == (here.status_code, there.status_code, nobody.status_code)
    assert body(nobody, "H-999") == body(there, "H-001")
    for page in ("/studies/HORIZON", "/studies/HORIZON/data/answers.csv", "/studies/HORIZON/data/scores.csv"):
        text = at_second_site.get(page).text
        assert "H-002" in text
        assert "H-001" not in text


@pytest.mark.parametrize("path", ["/studies/HORIZON%00", "/studies/HORIZON/participants/H-001%00", "/studies/%F0%9F"])
def test_odd_addresses_are_pages_that_do_not_exist(path: str, bob: Any):
    assert 404 == bob.get(path).status_code


def test_no_page_names_a_pseudonym_or_a_person(world: World, bob: Any):
    with world.study() as session:
        answer_all(session, world, "alice")
        session.commit()
    for page in PAGES:
        text = bob.get(page.format(code="HORIZON")).text
        assert not re.search(r"acc-|par-|alice|@example", text, re.IGNORECASE), page
