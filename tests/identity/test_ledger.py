"""The vault's ledger."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import ledger
from app.identity.models import LedgerEntry
from tests.support.people import NOON


def test_an_act_is_written_down_with_who_what_and_when(vault: Session) -> None:
    ledger.record(vault, NOON, "courier", "message.delivered", "abc")
    entry = vault.scalars(select(LedgerEntry)).one()
    assert (entry.at, entry.actor, entry.action, entry.subject) == (NOON, "courier", "message.delivered", "abc")
