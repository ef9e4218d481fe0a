"""What is left of somebody after an erasure: nothing in any table that was not thought of."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.db import VaultBase
from app.errors import Refusal
from app.identity import address_changes, erasure, mailbox, people, person_keys
from app.identity.models import AddressChange
from tests.support.people import NOON, alice

ELSEWHERE = {"person_key", "likeness_index"}
"""Emptied by rules of their own."""
STAY = {"pseudonym", "unmasking", "registration", "invitation", "batch_line"}
"""A number, and acts on record: none of them says who it was, and no link of theirs opens anything."""


def test_every_table_of_a_person_is_emptied_or_known_to_stay() -> None:
    """Seen failing with each of the emptied ones left out, as changes of address were."""
    of_persons = {
        table.name
        for table in VaultBase.metadata.tables.values()
        if "person_id" in table.columns or any(key.target_fullname == "person.id" for key in table.foreign_keys)
    }
    emptied = {model.__tablename__ for model in erasure.OF_THE_PERSON}
    assert of_persons == emptied | ELSEWHERE | STAY
    assert len(of_persons) == len(emptied) + len(ELSEWHERE) + len(STAY)


def test_the_link_of_a_new_address_ends_with_its_person(vault: Session) -> None:
    """It is over, as any old link is. Seen failing with the row left: there was no key, and the page fell over."""
    person = alice(vault)
    address_changes.ask(vault, person, "new@example.org", "account", "https://vault.example/", NOON)
    letter = next(read.text for read in mailbox.messages(vault))
    token = re.findall(r"https://vault\.example/([\w-]+)", letter)[0]
    assert address_changes.find(vault, token, NOON)
    erasure.erase(vault, person, NOON, "operator:1")
    with pytest.raises(Refusal) as refused:
        address_changes.confirm(vault, token, NOON + timedelta(minutes=1))
    assert "address-change-over" == refused.value.code
    assert [] == vault.scalars(select(AddressChange)).all()


def test_a_destroyed_key_does_not_stay_in_free_pages_of_the_file(vault: Session) -> None:
    """Not every build of SQLite overwrites them unasked. Seen failing without asking for it."""
    person = alice(vault)
    vault.execute(text("PRAGMA secure_delete = OFF"))
    person_keys.destroy(vault, person.id)
    assert 1 == vault.scalar(text("PRAGMA secure_delete"))


def test_a_name_that_leads_nowhere_any_more_cannot_be_erased_again(vault: Session) -> None:
    person = alice(vault)
    account = people.pseudonym_of(vault, person, people.ACCOUNT)
    erasure.erase_for_study(vault, account, "one", NOON, "operator:1")
    with pytest.raises(Refusal) as refused:
        erasure.erase_for_study(vault, account, "one", NOON, "operator:1")
    assert "pseudonym-unknown" == refused.value.code
