"""People of the vault: found however the address is typed, known elsewhere by unlinkable names."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import passwords
from app.db import Databases
from app.errors import Refusal
from app.identity import blind_index, identities, people, person_keys, sealed_rows
from app.identity.models import Person
from tests.support.people import NOON, PASSWORD, alice


@pytest.mark.parametrize("typed", ["alice@example.org", "  ALICE@Example.ORG ", "ａｌｉｃｅ@example.org"])
def test_a_person_is_found_however_the_address_is_typed(vault: Session, typed: str) -> None:
    person = alice(vault)
    found = people.find_by_email(vault, typed)
    assert found is person


def test_nobody_is_found_by_an_address_that_is_nobodys(vault: Session) -> None:
    alice(vault)
    assert people.find_by_email(vault, "charlie@example.org") is None
    assert people.find_by_email(vault, "alice@example.org\x00") is None


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself(typed: str) -> None:
    key = blind_index.email_key(typed)
    assert blind_index.email_key(key) == key


def test_an_address_belongs_to_one_person(vault: Session) -> None:
    alice(vault)
    with pytest.raises(Refusal) as refused:
        alice(vault, email="Alice@EXAMPLE.org")
    assert refused.value.code == "address-already-registered"


def test_the_right_password_authenticates_and_nothing_else_does(vault: Session) -> None:
    person = alice(vault)
    assert people.authenticate(vault, "alice@example.org", PASSWORD) is person
    assert people.authenticate(vault, "alice@example.org", "wrong") is None
    assert people.authenticate(vault, "charlie@example.org", PASSWORD) is None


def test_an_outdated_hash_is_renewed_and_a_fresh_one_left_alone(vault: Session) -> None:
    person = alice(vault)
    fresh = person.revision
    people.renew_hash(vault, person.id, PASSWORD)
    assert person.revision == fresh
    older = PasswordHasher(time_cost=1, memory_cost=8_192).hash(PASSWORD)
    identities.change(vault, person, {"password_hash": older})
    people.renew_hash(vault, person.id, PASSWORD)
    kept = sealed_rows.read(person, "password_hash", person_keys.of(vault, person.id))
    assert kept is not None
    assert not passwords.is_outdated(kept)
    assert people.authenticate(vault, "alice@example.org", PASSWORD) is person


def test_a_pseudonym_is_made_once_for_each_domain_and_differs_between_them(vault: Session) -> None:
    """Seen failing with a look-up that forgot the domain: one name for all of them."""
    person = alice(vault)
    domains = [people.ACCOUNT, people.WAREHOUSE, people.study_domain("one"), people.study_domain("two")]
    first = [people.pseudonym_of(vault, person, domain) for domain in domains]
    again = [people.pseudonym_of(vault, person, domain) for domain in domains]
    assert again == first
    assert len(set(first)) == 4


def test_a_pseudonym_is_128_random_bits_and_says_nothing_about_the_person(vault: Session) -> None:
    pseudonym = people.pseudonym_of(vault, alice(vault), people.ACCOUNT)
    assert re.fullmatch("[a-z2-7]{26}", pseudonym)


def test_a_pseudonym_leads_back_to_its_person_only(vault: Session) -> None:
    one = alice(vault)
    other = people.register(vault, "charlie@example.org", "Charlie", "Chevalier", "en", PASSWORD, NOON)
    for person in (one, other):
        found: Person = people.person_for(vault, people.pseudonym_of(vault, person, people.ACCOUNT))
        assert found is person
    with pytest.raises(people.UnknownPseudonym):
        people.person_for(vault, "nobody")


def test_whoever_asks_first_makes_the_pseudonym_and_all_get_that_one(empty_databases: Databases) -> None:
    """Seen failing with session.add in place of once.insert (an IntegrityError, on PostgreSQL)."""
    with empty_databases.vault.write() as session:
        person_id = alice(session).id
        session.commit()

    waiting = Barrier(8)

    def one(domain: str) -> str:
        with empty_databases.vault.read() as session:
            person = session.get_one(Person, person_id)
            session.expunge(person)
        waiting.wait()
        with empty_databases.vault.write() as session:
            value = people.pseudonym_of(session, person, domain)
            session.commit()
            return value

    with ThreadPoolExecutor(8) as pool:
        for n in range(10):
            assert len(set(pool.map(one, [people.study_domain(str(n))] * 8))) == 1


def test_odd_addresses_are_nobodys_on_either_database(empty_databases: Databases) -> None:
    """Seen failing (an error of PostgreSQL) with the NUL left in the key."""
    with empty_databases.vault.write() as session:
        for odd in ("\x00", "a\x00@example.org", "x" * 10_000, "\ufffd", "' OR 1=1 --"):
            assert people.find_by_email(session, odd) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password-short"),
        ("alice@example.org", "password-yours"),
        ("a" * 30, "password-common"),
        ("passwordpassword", "password-common"),
        ("weshare12345", "password-yours"),
    ],
)
def test_a_password_worth_too_little_is_refused_wherever_people_are_made_or_change_it(
    vault: Session, password: str, code: str
) -> None:
    """Seen failing with the rule in forms alone."""
    person = alice(vault)
    for act in (
        lambda: people.register(vault, "alice2@example.org", "alice@example.org", "A", "fr", password, NOON),
        lambda: people.set_password(vault, person, password),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert code == refused.value.code


def test_a_hash_that_is_outdated_is_renewed_though_the_password_would_be_refused_today(vault: Session) -> None:
    """Whoever has an old short password still gets in. Seen failing with the rule in renew_hash."""
    person = alice(vault)
    identities.change(vault, person, {"password_hash": PasswordHasher(time_cost=1).hash("short")})
    people.renew_hash(vault, person.id, "short")
    assert people.authenticate(vault, "alice@example.org", "short") is person
