"""Somebody who is in the vault already is proposed, however the name is written; strangers are not."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.identity import duplicates, likeness, people
from app.identity.identity import Identity
from tests.support.people import NOON

HELENE = Identity("helene@example.org", "Hélène", "Le Bœuf-Dupont", "06 12 34 56 78", date(1958, 3, 11))


@pytest.mark.parametrize(
    ("typed", "likelihood"),
    [
        (Identity(None, "HELENE", "LE BOEUF DUPONT", None, date(1958, 3, 11)), "likely"),
        (Identity(None, "Le Bœuf-Dupont", "Hélène", None, date(1958, 3, 11)), "likely"),
        (Identity(None, "Helene", "Dupont", None, date(1958, 3, 11)), "likely"),
        (Identity(None, "Helène", "Leboeuf Dupont", None, date(1958, 11, 3)), "likely"),
        (Identity("Helene+etude@example.org", "H.", "D."), "likely"),
        (Identity(None, "Hélène", "Martin", None, date(1958, 3, 11)), "possible"),
        (Identity(None, "dupont boeuf", "helene le"), "possible"),
        (Identity(None, "Jean", "Martin", "+33 6 12 34 56 78"), "possible"),
    ],
    ids=["no accents", "swapped", "half a name", "day and month", "tagged address", "maiden name", "no birth", "phone"],
)
def test_the_same_person_is_proposed(vault: Session, typed: Identity, likelihood: str) -> None:
    """Seen failing, one after the other, with each step of the normal form taken out."""
    person = people.enter(vault, HELENE, "fr", None, NOON)
    (found,) = duplicates.candidates(vault, typed)
    assert (person.id, likelihood) == (found.person_id, found.likelihood)


@pytest.mark.parametrize(
    "typed",
    [
        Identity("other@example.org", "Hélène", "Martin", "0698765432", date(1958, 3, 12)),
        Identity(None, "Marie", "Durand", "06", date(1958, 3, 11)),
        Identity(None, "", ""),
    ],
)
def test_somebody_else_is_not_proposed(vault: Session, typed: Identity) -> None:
    people.enter(vault, HELENE, "fr", None, NOON)
    assert [] == duplicates.candidates(vault, typed)


def test_the_likely_ones_come_first_and_nobody_resembles_himself(vault: Session) -> None:
    first = people.enter(vault, HELENE, "fr", None, NOON)
    sister = people.enter(vault, replace(HELENE, email=None, given_name="Claire"), "fr", None, NOON)
    twin = people.enter(vault, replace(HELENE, email=None), "fr", None, NOON)
    found = duplicates.candidates(vault, HELENE, apart_from=first.id)
    assert [twin.id, sister.id] == [one.person_id for one in found]
    assert likeness.NAME_AND_BIRTH in found[0].shared


def test_a_corrected_name_is_found_and_the_old_one_is_not(vault: Session) -> None:
    person = people.enter(vault, HELENE, "fr", None, NOON)
    people.correct(vault, person, Identity("helene@example.org", "Hélène", "Petit"))
    assert [] == duplicates.candidates(vault, replace(HELENE, email=None))
    assert 1 == len(duplicates.candidates(vault, Identity(None, "Petit", "Helene")))
