"""A professional's address counts once the code that was mailed to it has come back."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts import staff_contacts
from app.accounts.staff_contacts import Wishes
from app.errors import Refusal
from app.mailed_codes import LIFETIME
from tests.support import people
from tests.support.people import NOON

ADDRESS = "bob.berger@hospital.example"


def given(study: Session, address: str = ADDRESS) -> tuple[int, str]:
    """Bob has given an address, and a code has been made for it."""
    bob = people.bob(study).id
    staff_contacts.give(study, bob, address)
    return bob, staff_contacts.make_code(study, bob, NOON) or ""


def refusal(act: object) -> str:
    with pytest.raises(Refusal) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def test_an_address_is_used_for_nothing_before_its_code_has_come_back(study: Session) -> None:
    """Seen failing with the address taken as it was typed."""
    bob, code = given(study)
    assert staff_contacts.address_of(study, bob) is None
    assert not staff_contacts.has_any(study)
    staff_contacts.confirm(study, bob, f" {code.upper()} ", NOON)
    assert (ADDRESS, True) == (staff_contacts.address_of(study, bob), staff_contacts.has_any(study))


def test_a_code_works_once_for_its_owner_and_for_half_an_hour(study: Session) -> None:
    """Seen failing without the end, with the code left there, and with a hash that does not hold the owner."""
    bob, code = given(study)
    eve = people.bob(study, "eve").id
    staff_contacts.give(study, eve, ADDRESS)
    staff_contacts.make_code(study, eve, NOON)
    assert "code-wrong" == refusal(lambda: staff_contacts.confirm(study, eve, code, NOON))
    staff_contacts.of(study, eve).code_hash = staff_contacts.of(study, bob).code_hash
    assert "code-wrong" == refusal(lambda: staff_contacts.confirm(study, eve, code, NOON))
    assert "code-dead" == refusal(lambda: staff_contacts.confirm(study, bob, code, NOON + LIFETIME))
    staff_contacts.confirm(study, bob, code, NOON + LIFETIME - timedelta(seconds=1))
    assert "code-dead" == refusal(lambda: staff_contacts.confirm(study, bob, code, NOON))


def test_a_new_address_takes_the_place_of_the_old_one_when_it_is_confirmed_and_not_before(study: Session) -> None:
    """Seen failing with the old address gone as soon as another was typed."""
    bob, code = given(study)
    staff_contacts.confirm(study, bob, code, NOON)
    staff_contacts.give(study, bob, "bob@elsewhere.example")
    assert "code-dead" == refusal(lambda: staff_contacts.confirm(study, bob, code, NOON))
    assert ADDRESS == staff_contacts.address_of(study, bob)
    staff_contacts.confirm(study, bob, staff_contacts.make_code(study, bob, NOON) or "", NOON)
    assert "bob@elsewhere.example" == staff_contacts.address_of(study, bob)


def test_a_code_is_not_made_for_an_address_that_nobody_has_given(study: Session) -> None:
    bob, code = given(study)
    staff_contacts.confirm(study, bob, code, NOON)
    assert staff_contacts.make_code(study, bob, NOON) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "bob",
        "bob@",
        "@x.example",
        "a b@x.example",
        "a@x",
        "a@x.example\nBcc: all@x.example",
        "a" * 65 + "@x.example",
        "a@" + "x" * 250 + ".example",
        "é@x.example",
        "Bob <bob@x.example>",
    ],
)
def test_what_cannot_be_an_address_is_refused(study: Session, typed: str) -> None:
    """Seen failing with every text that holds an @: a line break would have been a header of its own."""
    bob = people.bob(study).id
    assert "address-unreadable" == refusal(lambda: staff_contacts.give(study, bob, typed))


def test_nothing_is_left_of_an_address_that_was_taken_back(study: Session) -> None:
    bob, code = given(study)
    staff_contacts.confirm(study, bob, code, NOON)
    staff_contacts.forget(study, bob)
    kept = staff_contacts.of(study, bob)
    assert (None, None, None, None) == (kept.address, kept.confirmed_at, kept.pending_address, kept.code_hash)
    assert set() == staff_contacts.who_want_alerts(study, [bob])
    assert [] == staff_contacts.who_want_digests(study)


def test_only_an_hour_and_a_zone_that_exist_can_be_chosen(study: Session) -> None:
    bob = people.bob(study).id
    for hour, zone in ((24, "Europe/Paris"), (-1, "Europe/Paris"), (7, "Mars/Olympus")):
        wishes = Wishes(digest=True, alerts=True, hour=hour, time_zone=zone)
        assert "no-such-choice" == refusal(lambda wishes=wishes: staff_contacts.prefer(study, bob, wishes))


def test_the_day_of_a_digest_is_one_callers_and_never_comes_back(study: Session) -> None:
    """Also where clocks go backwards. Seen failing with the days compared for being different."""
    bob, code = given(study)
    staff_contacts.confirm(study, bob, code, NOON)
    assert not staff_contacts.claim_day(study, bob, NOON.date())
    assert staff_contacts.claim_day(study, bob, date(2026, 3, 3))
    assert not staff_contacts.claim_day(study, bob, date(2026, 3, 3))
    assert not staff_contacts.claim_day(study, bob, date(2026, 3, 2))
