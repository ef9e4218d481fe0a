"""A registration that nobody has confirmed stays unfindable, whatever happens to the keys; its letters are few."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import duplicates, identities, people, registrations, rotation
from app.identity.identity import Identity
from app.identity.models import MailboxMessage, Person
from app.identity.registrations import Wish
from tests.support.world import AT

INES = Identity("ines@citizens.example", "Inès", "Vautrin")


def ask(vault: Session) -> None:
    wish = Wish(INES, "fr", "1", "https://vault.example/vault/register/", "https://weshare.example/sign-in")
    registrations.ask(vault, wish, AT)


def test_new_keys_make_nobody_findable_who_has_not_confirmed(vault: Session):
    """Seen failing when the renewal of keys gave everybody an index."""
    ask(vault)
    person = vault.scalars(select(Person)).one()
    rotation.renew(vault, 0, 10)
    assert (None, []) == (people.find_by_email(vault, INES.email or ""), duplicates.candidates(vault, INES))
    assert INES == identities.read(vault, person)


@pytest.mark.parametrize("is_known", [True, False])
def test_one_address_gets_a_few_letters_a_day(vault: Session, is_known: bool):
    if is_known:
        people.enter(vault, INES, "fr", None, AT)
    for _time in range(registrations.MOST_A_DAY + 3):
        ask(vault)
    assert registrations.MOST_A_DAY == len(vault.scalars(select(MailboxMessage.id)).all())
