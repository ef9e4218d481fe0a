"""The end of a professional's account: nobody signs in with it any more, and what was done stays on record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import factors, passkeys, reset_links, sign_ins
from app.accounts.models import Staff, StaffContact
from app.accounts.roles import DATA_MANAGER
from app.errors import Refusal
from app.passwords import NOBODYS_HASH


def close(session: Session, staff_id: int, at: datetime) -> bool:
    """End every sign-in and every way in, the address and the roles; False if that was done before.

    Refusal("last-manager") for the last one who can look after accounts.
    """
    # All of them are held until this is done: two managers who close each other leave one.
    managers = [one for one in session.scalars(select(Staff).with_for_update()) if _manages(one)]
    person = session.get_one(Staff, staff_id)
    if person.closed_at is not None:
        return False
    if managers == [person]:
        raise Refusal("last-manager")
    person.closed_at, person.roles, person.password_hash = at, [], NOBODYS_HASH
    sign_ins.end_all_of_staff(session, staff_id, at)
    reset_links.end_all(session, staff_id, at)
    factors.kept(session).drop(staff_id)
    factors.recovery_codes(session).forget(staff_id)
    passkeys.kept(session).forget(staff_id)
    contact = session.get(StaffContact, staff_id)
    if contact is not None:
        session.delete(contact)
    session.flush()
    return True


def _manages(staff: Staff) -> bool:
    return staff.closed_at is None and DATA_MANAGER in staff.roles
