"""A person sees and corrects what the vault keeps; a team corrects what it never sees; a new address is confirmed."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.identity import address_changes, identities, mailbox, people, person_keys, sealed_rows
from app.identity import letters as outgoing
from app.identity.identity import Identity
from app.identity.models import LedgerEntry, MailboxMessage, Person, Pseudonym
from app.participants.models import Participant
from app.rights import requests
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, page_text
from tests.support.forms import form_at, press
from tests.support.signing_in import EMAIL, Clock, a_browser, known_to_the_vault, path_of, try_vault
from tests.support.world import AT, World

PAGE = "/vault/identity"
NEW = "alice.new@example.org"


@pytest.fixture
def alice(app: Flask, world: World, clock: Clock) -> Any:
    """Alice on her account; the vault knows her."""
    known_to_the_vault(world)
    browser = a_browser(app)
    worlds.sign_in(world, browser, "alice", clock.at)
    return browser


def page_of(browser: Any) -> str:
    """The address of the vault's page, with a ticket."""
    return path_of(browser.get("/account/details").location)


def send(browser: Any, action: str, **changes: str) -> Any:
    fields: dict[str, Any] = form_at(browser.get(page_of(browser)), action)
    return browser.post(action, data={**fields, **changes})


def held(world: World, email: str = EMAIL) -> Identity:
    with world.vault() as session:
        person = people.find_by_email(session, email)
        assert person is not None
        return identities.read(session, person)


def letters(world: World) -> list[tuple[str | None, str]]:
    """Where each goes that goes elsewhere, and its text; the newest last."""
    with world.vault() as session:
        kept = session.scalars(select(MailboxMessage).order_by(MailboxMessage.id))
        opened = [sealed_rows.read_all(one, person_keys.of(session, one.person_id)) for one in kept]
    return [(one["address"], one["text"] or "") for one in opened]


def link(world: World) -> str:
    found = [found[0] for _to, text in letters(world) if (found := re.search(r"http\S+/vault/address/[\w-]+", text))]
    return path_of(found[-1])


def test_a_person_sees_and_corrects_what_is_kept(alice: Any, world: World) -> None:
    assert 'value="Aubert"' in alice.get(page_of(alice)).text
    done = send(alice, PAGE, family_name="Aubert-Roy", phone="+33 6 11 22 33 44", postal_address="2 rue Haute")
    assert 303 == done.status_code
    assert "Your details are saved." in page_text(alice.get(done.location))
    now = held(world)
    assert ("Alice", "Aubert-Roy", "2 rue Haute", EMAIL) == (
        now.given_name,
        now.family_name,
        now.postal_address,
        now.email,
    )
    with world.vault() as session:
        entries = session.execute(select(LedgerEntry.action, LedgerEntry.facts)).all()
    assert ("identity.corrected", {"fields": ["family_name", "phone", "postal_address"]}) in [*map(tuple, entries)]


def test_a_mistake_is_named_and_nothing_typed_is_lost(alice: Any, world: World) -> None:
    answer = send(alice, PAGE, given_name="", family_name="Roy")
    assert (422, True) == (answer.status_code, 'value="Roy"' in answer.text)
    assert "Aubert" == held(world).family_name


def test_a_date_of_birth_that_a_study_relies_on_is_corrected_by_asking_it(alice: Any, world: World) -> None:
    """Seen failing when the hidden field was believed."""
    send(alice, PAGE, birth_date="1960-02-01")
    with world.vault() as session:
        person = people.find_by_email(session, EMAIL)
        session.add(Pseudonym(person_id=person.id, domain="study:HORIZON", value="par-alice"))  # type: ignore[union-attr]
        session.commit()
    assert "A study relies on this date." in page_text(alice.get(page_of(alice)))
    send(alice, PAGE, birth_date="1961-02-01")
    assert "1960-02-01" == str(held(world).birth_date)


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(
    alice: Any, app: Flask, world: World
) -> None:
    """Seen failing when asking changed it at once."""
    assert 303 == send(alice, f"{PAGE}/address", email=NEW).status_code
    assert (NEW, EMAIL) == (letters(world)[-1][0], held(world).email)
    address, other = link(world), a_browser(app)
    assert [200, 200] == [other.get(address).status_code for _time in range(2)]
    assert 200 == press(other, address, address).status_code
    assert NEW == held(world, NEW).email
    assert (EMAIL, True) == (letters(world)[-1][0], "Another e-mail address was confirmed" in letters(world)[-1][1])
    assert 410 == other.get(address).status_code
    assert 422 == try_vault(a_browser(app)).status_code
    assert 303 == try_vault(a_browser(app), NEW).status_code


def test_whether_a_new_address_is_somebody_elses_is_told_to_its_owner_alone(
    alice: Any, app: Flask, world: World
) -> None:
    known_to_the_vault(world, "dora", "dora@example.org")
    free, taken = (send(alice, f"{PAGE}/address", email=email) for email in (NEW, "dora@example.org"))
    assert free.status_code == taken.status_code == 303
    address = link(world)
    late = a_browser(app).post(address, data={"csrf_token": "x"})
    assert late.status_code == 400
    browser = a_browser(app)
    answer = press(browser, address, address)
    assert (409, True) == (answer.status_code, "already has an account" in page_text(answer))
    assert EMAIL == held(world).email


def test_only_the_newest_link_works_and_not_many_are_sent(alice: Any, app: Flask, world: World) -> None:
    send(alice, f"{PAGE}/address", email=NEW)
    first = link(world)
    for _time in range(4):
        send(alice, f"{PAGE}/address", email="other@example.org")
    assert 410 == a_browser(app).get(first).status_code
    assert 422 == send(alice, f"{PAGE}/address", email=NEW).status_code


def test_a_letter_to_a_new_address_is_carried_there_and_not_to_the_one_in_use(world: World) -> None:
    known_to_the_vault(world)
    with world.vault() as session:
        person = people.find_by_email(session, EMAIL)
        assert person is not None
        address_changes.ask(session, person, NEW, "account:x", "http://localhost/vault/address/", AT)
        packed = outgoing.pack(session, outgoing.due(session, AT)[0])
    assert packed is not None
    assert (NEW, True) == (getattr(packed.parcel, "address", None), packed.is_elsewhere)


def test_a_ticket_opens_ones_own_page_for_a_quarter_of_an_hour(alice: Any, clock: Clock) -> None:
    page = page_of(alice)
    clock.wait(minutes=14)
    assert 200 == alice.get(page).status_code
    clock.wait(minutes=1)
    assert 400 == alice.get(page).status_code
    assert 400 == alice.get(f"{PAGE}?ticket=forged").status_code


def test_whom_no_study_knows_erases_the_account_alone(alice: Any, world: World) -> None:
    done = send_erasure(alice)
    assert "Your account is erased" in page_text(done)
    assert 422 == try_vault(a_browser_like(alice)).status_code
    with world.vault() as session:
        assert people.find_by_email(session, EMAIL) is None
        assert "person.erased" in session.scalars(select(LedgerEntry.action)).all()
    assert 404 == alice.get(page_of(alice)).status_code


def test_who_takes_part_in_a_study_asks_it(alice: Any, world: World) -> None:
    """Seen failing when only the page looked."""
    page = page_of(alice).replace(PAGE, f"{PAGE}/erase")
    shown = alice.get(page)
    with world.vault() as session:
        person = people.find_by_email(session, EMAIL)
        session.add(Pseudonym(person_id=person.id, domain="study:HORIZON", value="par-alice"))  # type: ignore[union-attr]
        session.commit()
    assert 409 == alice.post(f"{PAGE}/erase", data=form_at(shown, f"{PAGE}/erase")).status_code
    assert 409 == alice.get(page).status_code
    assert EMAIL == held(world).email


def send_erasure(browser: Any) -> Any:
    """Look at what will be gone, and press the button."""
    shown = browser.get(page_of(browser).replace(PAGE, f"{PAGE}/erase"))
    return browser.post(f"{PAGE}/erase", data=form_at(shown, f"{PAGE}/erase"))


def a_browser_like(browser: Any) -> Any:
    """Another browser of the same application."""
    return a_browser(browser.application)


@pytest.fixture
def case(app: Flask, world: World, clock: Clock) -> tuple[Any, str]:
    """Bob, and the page of a request for correction that he works on."""
    known_to_the_vault(world)
    bob = a_browser(app)
    worlds.sign_in(world, bob, "bob", clock.at)
    with world.study() as session:
        one = session.get_one(Participant, world.participants["alice"])
        key = requests.ask(session, one, "rectification", "My name has changed.", AT).key
        session.commit()
    page = f"/studies/HORIZON/rights/{key}"
    assert 409 == press(bob, page, f"{page}/correction").status_code
    press(bob, page, page, state="worked-on")
    return bob, page


def test_a_team_corrects_without_seeing(case: tuple[Any, str], world: World) -> None:
    bob, page = case
    to_vault = path_of(press(bob, page, f"{page}/correction").location)
    shown = bob.get(to_vault)
    assert not [word for word in ("Alice", "Aubert", EMAIL) if word in shown.text]
    fields: dict[str, Any] = form_at(shown, "/vault/correction")
    assert 422 == bob.post("/vault/correction", data=fields).status_code
    done = bob.post("/vault/correction", data={**fields, "family_name": "Roy"})
    assert (303, page) == (done.status_code, done.location)
    assert ("Alice", "Roy") == (held(world).given_name, held(world).family_name)
    assert "Your details with the trusted third party of WeShare were corrected." in letters(world)[-1][1]
    assert 409 == bob.get(to_vault).status_code
    assert 409 == bob.post("/vault/correction", data={**fields, "family_name": "Twice"}).status_code
    with world.vault() as session:
        facts = session.scalars(select(LedgerEntry.facts).where(LedgerEntry.action == "identity.corrected")).one()
        assert ["family_name"] == facts["fields"]
        assert 1 == len(session.scalars(select(Person.id)).all())


def test_an_address_that_a_team_enters_waits_for_its_owner(case: tuple[Any, str], world: World, app: Flask) -> None:
    bob, page = case
    to_vault = path_of(press(bob, page, f"{page}/correction").location)
    fields: dict[str, Any] = form_at(bob.get(to_vault), "/vault/correction")
    bob.post("/vault/correction", data={**fields, "email": NEW})
    assert EMAIL == held(world).email
    browser = a_browser(app)
    assert csrf_of(browser.get(link(world)))
    press(browser, link(world), link(world))
    assert NEW == held(world, NEW).email
    with world.vault() as session:
        assert mailbox.messages(session)
