"""Where a professional is written to at work: an address counts once a code that was mailed to it has come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app import mailed_codes, once
from app.accounts.models import StaffContact
from app.errors import Refusal


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which messages a professional wants, and at which hour of which clocks the digest."""

    digest: bool
    alerts: bool
    hour: int
    time_zone: str


def of(session: Session, staff_id: int) -> StaffContact:
    """What is kept; an unsaved row without anything if nothing is."""
    return session.get(StaffContact, staff_id) or _empty(staff_id)


def give(session: Session, staff_id: int, address: str) -> None:
    """An address that waits to be confirmed; one confirmed before stays until then. Refusal("address-unreadable")."""
    address = address.strip()
    if not mailed_codes.is_address(address):
        raise Refusal("address-unreadable")
    row = _kept(session, staff_id)
    row.pending_address, row.code_hash, row.code_made_at = address, None, None


def make_code(session: Session, staff_id: int, at: datetime) -> str | None:
    """A new code in place of any before, which is nowhere else; None where no address waits for one."""
    row = session.get(StaffContact, staff_id, with_for_update=True)
    if row is None or row.pending_address is None:
        return None
    code = mailed_codes.fresh()
    row.code_hash, row.code_made_at = mailed_codes.hashed(staff_id, code), at
    session.flush()
    return code


def confirm(session: Session, staff_id: int, code: str, at: datetime) -> None:
    """The address counts from now on, and is used for both kinds of message unless something else was chosen.

    Refusal("code-wrong") if this is not the code, "code-dead" if none waits or it is too old.
    """
    row = session.get(StaffContact, staff_id, with_for_update=True)
    if row is None:
        raise Refusal("code-dead")
    flaw = mailed_codes.flaw(staff_id, code, row.code_hash, row.code_made_at, at)
    if flaw is not None:
        raise Refusal(flaw)
    if row.address != row.pending_address:
        row.former_address = row.address
    if row.address is None:
        row.digest = row.alerts = True
        row.digest_on = at.astimezone(ZoneInfo(row.time_zone)).date()  # the first one comes tomorrow
    row.address, row.confirmed_at, row.pending_address = row.pending_address, at, None
    row.code_hash, row.code_made_at = None, None
    session.flush()


def forget(session: Session, staff_id: int) -> None:
    """No address, and so no message, any more; but for the one about that."""
    row = _kept(session, staff_id)
    row.former_address = row.address or row.former_address
    row.address = row.confirmed_at = row.pending_address = row.code_hash = row.code_made_at = None


def forget_former(session: Session, staff_id: int) -> None:
    """The address of before has been told, or cannot be."""
    row = session.get(StaffContact, staff_id)
    if row is not None:
        row.former_address = None


def prefer(session: Session, staff_id: int, wishes: Wishes) -> None:
    """Keep what is wanted. Refusal("no-such-choice")."""
    if not 0 <= wishes.hour <= 23 or wishes.time_zone not in available_timezones():
        raise Refusal("no-such-choice")
    row = _kept(session, staff_id)
    row.digest, row.alerts, row.hour, row.time_zone = wishes.digest, wishes.alerts, wishes.hour, wishes.time_zone


def those_reachable(session: Session) -> frozenset[int]:
    """Everybody with a confirmed address."""
    return frozenset(session.scalars(select(StaffContact.staff_id).where(StaffContact.address.is_not(None))))


def address_of(session: Session, staff_id: int) -> str | None:
    """The confirmed address."""
    return session.scalar(select(StaffContact.address).where(StaffContact.staff_id == staff_id))


def pending_address_of(session: Session, staff_id: int) -> str | None:
    """The address that waits for its code."""
    return session.scalar(select(StaffContact.pending_address).where(StaffContact.staff_id == staff_id))


def has_any(session: Session) -> bool:
    """Whether a mail has ever reached a professional: then there is a server that carries them."""
    confirmed = select(StaffContact.staff_id).where(StaffContact.confirmed_at.is_not(None)).limit(1)
    return session.scalar(confirmed) is not None


def who_want_alerts(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of some professionals who want to be told soon, and can be."""
    reachable = (StaffContact.staff_id.in_(list(ids)), StaffContact.alerts, StaffContact.address.is_not(None))
    return set(session.scalars(select(StaffContact.staff_id).where(*reachable)))


def who_want_digests(session: Session) -> list[StaffContact]:
    """All who want a daily digest, and can be written to."""
    reachable = (StaffContact.digest, StaffContact.address.is_not(None))
    return list(session.scalars(select(StaffContact).where(*reachable).order_by(StaffContact.staff_id)))


def claim_day(session: Session, staff_id: int, day: date) -> bool:
    """True for one caller only: whose it is to see whether that day's digest has anything to say."""
    is_new = or_(StaffContact.digest_on.is_(None), StaffContact.digest_on < day)
    claimed = update(StaffContact).where(StaffContact.staff_id == staff_id, is_new).values(digest_on=day)
    return session.scalar(claimed.returning(StaffContact.staff_id)) is not None


def _kept(session: Session, staff_id: int) -> StaffContact:
    row = session.get(StaffContact, staff_id)
    if row is None:
        row = _empty(staff_id)
        if not once.insert(session, row):
            return session.get_one(StaffContact, staff_id)
    return row


def _empty(staff_id: int) -> StaffContact:
    return StaffContact(staff_id=staff_id, digest=False, alerts=False, hour=7, time_zone="Europe/Paris")
