"""An operator gives an address at work, confirms it, and is written to when the ways in change, whoever did it."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.identity import operator_contacts, operator_letters, operators
from app.identity.operator_contacts import Addresses
from app.identity.sign_in_models import OperatorLetter
from tests.support.browser_form import page_text
from tests.support.on_duty import ACCESS, HOME, NEW_PASSWORD, OWN, PASSWORD, Duty, act, acts, password
from tests.support.signing_in import Clock, count_tries
from tests.support.ways_in import proven
from tests.support.world import World

FIRST, SECOND = "olga@work.example", "olga@elsewhere.example"


@pytest.fixture
def olga(on_call: tuple[Duty, Duty], clock: Clock) -> Duty:
    """Who has just shown who she is."""
    proven(on_call[0].browser, on_call[0].who, clock.at)
    return on_call[0]


def held(world: World, olga: Duty) -> Addresses:
    with world.vault() as session:
        return operator_contacts.of(session, olga.number)


def letters(world: World) -> list[tuple[str, str | None]]:
    with world.vault() as session:
        return [(row.kind, row.what) for row in session.scalars(select(OperatorLetter).order_by(OperatorLetter.id))]


def code_of(world: World, olga: Duty, clock: Clock) -> str:
    """As the job makes it when the letter leaves."""
    with world.vault() as session:
        code = operator_contacts.make_code(session, olga.number, clock.at)
        session.commit()
    assert code is not None
    return code


def confirmed(world: World, olga: Duty, clock: Clock, address: str = FIRST) -> Any:
    assert OWN == act(olga, f"{OWN}/address", address=address).location
    return act(olga, f"{OWN}/address/code", code=code_of(world, olga, clock))


def test_an_address_is_given_and_confirmed_by_a_code_and_is_not_on_the_ledger(
    olga: Duty, world: World, clock: Clock
) -> None:
    """Seen failing with the address used before its code."""
    assert "You have no confirmed address" in page_text(olga.browser.get(OWN))
    assert OWN == act(olga, f"{OWN}/address", address=FIRST).location
    assert [(operator_letters.CODE, None)] == letters(world)
    assert Addresses(None, FIRST, None) == held(world, olga)
    code = code_of(world, olga, clock)
    wrong = act(olga, f"{OWN}/address/code", code="aaaa-bbbb")
    assert (422, True) == (wrong.status_code, "This is not the code" in page_text(wrong))
    assert OWN == act(olga, f"{OWN}/address/code", code=code).location
    assert Addresses(FIRST, None, None) == held(world, olga)
    shown = page_text(olga.browser.get(OWN))
    assert FIRST in shown
    assert "You have no confirmed address" not in shown
    assert "You have no confirmed address" not in page_text(olga.browser.get(HOME))
    done = [(olga.who, "operator.address-given"), (olga.who, "operator.address-confirmed")]
    assert done == [entry for entry in acts(world, olga.who) if "address" in entry[1]]


def test_nobody_else_sees_the_address_but_only_whether_there_is_one(
    on_call: tuple[Duty, Duty], olga: Duty, world: World, clock: Clock
) -> None:
    oscar = on_call[1]
    assert "No confirmed address" in page_text(oscar.browser.get(f"{ACCESS}/{olga.number}"))
    confirmed(world, olga, clock)
    for page in (ACCESS, f"{ACCESS}/{olga.number}", OWN):
        assert FIRST not in page_text(oscar.browser.get(page))
    assert "Address confirmed" in page_text(oscar.browser.get(f"{ACCESS}/{olga.number}"))


def test_what_changes_is_written_whoever_did_it(
    on_call: tuple[Duty, Duty], olga: Duty, world: World, clock: Clock
) -> None:
    """Seen failing with nothing posted for what another operator did."""
    oscar = on_call[1]
    confirmed(world, olga, clock)
    before = len(letters(world))
    act(olga, f"{OWN}/password", old_password=PASSWORD, password=NEW_PASSWORD)
    act(olga, f"{OWN}/recovery-codes")
    act(oscar, f"{ACCESS}/{olga.number}/sign-ins", ACCESS)
    act(oscar, f"{ACCESS}/{olga.number}/link", ACCESS)
    told = letters(world)[before:]
    assert [(operator_letters.CHANGED, what) for what in ("password", "codes", "sign-ins", "link")] == told


def test_the_address_of_before_is_told_when_another_takes_its_place_or_none(
    olga: Duty, world: World, clock: Clock
) -> None:
    """Seen failing with the new address told alone."""
    confirmed(world, olga, clock)
    confirmed(world, olga, clock, SECOND)
    assert Addresses(SECOND, None, FIRST) == held(world, olga)
    assert OWN == act(olga, f"{OWN}/address/forget").location
    assert 2 == letters(world).count((operator_letters.ADDRESS_CHANGED, None))
    assert held(world, olga).address is None


def test_what_is_no_address_and_the_sixth_code_in_an_hour_are_refused(olga: Duty, world: World, clock: Clock) -> None:
    """Seen failing without the count."""
    wrong = act(olga, f"{OWN}/address", address="olga")
    assert (422, True) == (wrong.status_code, 'value="olga"' in wrong.text)
    assert [303] * 5 + [422] == [act(olga, f"{OWN}/address", address=FIRST).status_code for _ in range(6)]
    clock.wait(minutes=61)
    assert 5 == len(letters(world))


def test_codes_are_no_place_to_guess(olga: Duty) -> None:
    """Seen failing without the limit."""
    act(olga, f"{OWN}/address", address=FIRST)
    count_tries()
    tries = [act(olga, f"{OWN}/address/code", code="aaaa-bbbb").status_code for _ in range(11)]
    assert [422] * 10 + [429] == tries


def test_in_the_demonstration_the_page_shows_the_code(app: Any, world: World, clock: Clock) -> None:
    with world.vault() as session:
        number = operators.add(session, "olga", "Olga", PASSWORD, clock.at).id
        session.commit()
    olga = Duty(password(app, "olga"), "", number)
    proven(olga.browser, olga.who, clock.at)
    act(olga, f"{OWN}/address", address=FIRST)
    shown = re.search(r"would bring: (\w{4}-\w{4})", page_text(olga.browser.get(OWN)))
    assert shown is not None
    act(olga, f"{OWN}/address/code", code=shown[1])
    assert FIRST == held(world, olga).address
