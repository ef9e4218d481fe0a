"""Professionals and their passwords."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app import passwords
from app.accounts import staff
from app.accounts.roles import DATA_MANAGER
from app.errors import Refusal
from tests.support.people import PASSWORD, bob


def test_the_right_password_authenticates_and_nothing_else_does(study: Session) -> None:
    added = bob(study)
    assert staff.authenticate(study, " BOB ", PASSWORD) is added
    assert staff.authenticate(study, "bob", "wrong") is None
    assert staff.authenticate(study, "charlie", PASSWORD) is None
    assert staff.authenticate(study, "bob\x00", PASSWORD) is None


def test_a_login_belongs_to_one_professional(study: Session) -> None:
    bob(study)
    with pytest.raises(Refusal) as refused:
        bob(study, login="Bob")
    assert refused.value.code == "login-already-taken"


def test_an_outdated_hash_is_renewed(study: Session) -> None:
    added = bob(study)
    added.password_hash = PasswordHasher(time_cost=1, memory_cost=8_192).hash(PASSWORD)
    staff.renew_hash(study, added.id, PASSWORD)
    assert not passwords.is_outdated(added.password_hash)
    assert staff.authenticate(study, "bob", PASSWORD) is added


def test_a_professional_reads_in_the_chosen_language(study: Session) -> None:
    added = bob(study)
    staff.set_language(study, added.id, "en")
    assert added.language == "en"
    with pytest.raises(Refusal):
        staff.set_language(study, added.id, "xx")


def test_a_role_for_the_whole_platform_is_one_of_the_known_ones(study: Session) -> None:
    added = bob(study)
    assert [] == added.roles
    staff.set_roles(study, added.id, [DATA_MANAGER])
    assert [DATA_MANAGER] == added.roles
    with pytest.raises(ValueError, match="emperor"):
        staff.set_roles(study, added.id, ["emperor"])


@pytest.mark.parametrize(("password", "code"), [("short", "password-short"), ("bobbobbob bob", "password-yours")])
def test_a_password_worth_too_little_makes_no_professional(study: Session, password: str, code: str) -> None:
    """Seen failing with the rule in forms alone."""
    with pytest.raises(Refusal) as refused:
        bob(study, password=password)
    assert code == refused.value.code
    assert staff.find(study, "bob") is None
