"""The end of a professional's account, and its new beginning: nobody signs in meanwhile, what was done stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import factors, passkeys, reset_links, sign_ins
from app.accounts.models import Staff, StaffContact
from app.accounts.roles import DATA_MANAGER
from app.errors import Refusal
from app.passwords import NOBODYS_HASH

REASONS_TO_REOPEN: Final = ("back", "mistake")
"""Has come back; was closed by mistake."""


def close(session: Session, staff_id: int, at: datetime) -> bool:
    """End every sign-in and every way in, the address and the roles; False if that was done before.

    Refusal("last-manager") for the last one who can look after accounts.
    """
    # All of them are held until this is done: two managers who close each other leave one.
    managers = [one for one in _held(session) if _manages(one)]
    person = session.get_one(Staff, staff_id)
    if person.closed_at is not None:
        return False
    if managers == [person]:
        raise Refusal("last-manager")
    person.closed_at = at
    _take_everything(session, person, at)
    return True


def reopen(session: Session, staff_id: int, reason: str, at: datetime) -> None:
    """Open it again, without a way in, a role or an appointment: a one-time link leads to a password and an app.

    Refusal("reason-not-chosen") for none of REASONS_TO_REOPEN.
    """
    if reason not in REASONS_TO_REOPEN:
        raise Refusal("reason-not-chosen")
    _held(session)
    person = session.get_one(Staff, staff_id)
    # What was opened or made in the very instant of the closing is as dead as the rest.
    _take_everything(session, person, at)
    person.closed_at = None
    session.flush()


def _held(session: Session) -> Sequence[Staff]:
    """All of them as they are now; nobody else changes one until this transaction ends."""
    # Not against new sign-ins, which only refer to a row: those wait for the trail, which this caller may have already.
    everybody = select(Staff).order_by(Staff.id).with_for_update(key_share=True)
    return session.scalars(everybody.execution_options(populate_existing=True)).all()


def _take_everything(session: Session, person: Staff, at: datetime) -> None:
    staff_id = person.id
    person.roles, person.password_hash, person.failed_tries = [], NOBODYS_HASH, 0
    sign_ins.end_all_of_staff(session, staff_id, at)
    reset_links.end_all(session, staff_id, at)
    factors.kept(session).drop(staff_id)
    factors.recovery_codes(session).forget(staff_id)
    passkeys.kept(session).forget(staff_id)
    contact = session.get(StaffContact, staff_id)
    if contact is not None:
        session.delete(contact)
    session.flush()


def _manages(staff: Staff) -> bool:
    return staff.closed_at is None and DATA_MANAGER in staff.roles
