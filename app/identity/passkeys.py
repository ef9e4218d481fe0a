"""Passkeys of participants: the public half stays with the person, its name sealed by the person's own key."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.identity import person_keys, sealed_rows
from app.identity.models import Person, UsedTicket
from app.identity.sign_in_models import PersonPasskey
from app.passkeys.ceremony import Made, Place
from app.passkeys.kept import Passkeys

KEEPS_CHALLENGES = timedelta(hours=1)
LONGEST_NAME = 60


def kept(session: Session) -> Passkeys[PersonPasskey]:
    """All of them."""
    return Passkeys(session, PersonPasskey, "person_id")


def add(session: Session, person_id: int, made: Made, user_handle: bytes, name: str, at: datetime) -> PersonPasskey:
    """A passkey from now on; Refusal("passkey-known") if this one was added before, by anybody; "passkeys-enough"."""
    fresh = kept(session).fresh(person_id, made, user_handle, at)
    sealed_rows.write(
        fresh, "name", person_keys.for_sealing(session, person_id), name[:LONGEST_NAME].replace("\x00", "\ufffd")
    )
    if not once.insert(session, fresh):
        raise Refusal("passkey-known")
    return fresh


def names(session: Session, person_id: int) -> dict[str, str]:
    """How the person calls each passkey, by handle."""
    key = person_keys.of(session, person_id)
    return {row.handle: sealed_rows.read(row, "name", key) or "" for row in kept(session).listed(person_id)}


def prove(session: Session, place: Place, answer: str, challenge: bytes, at: datetime) -> Person:
    """Whose passkey that is; Refused and WentBack as in app/passkeys/kept.py. A challenge counts once."""

    def use_up(name: str) -> bool:
        return once.insert(session, UsedTicket(identifier=name, expires_at=at + KEEPS_CHALLENGES))

    row = kept(session).prove(place, answer, challenge, use_up, at)
    return session.get_one(Person, row.person_id)


def owner_of(session: Session, handle: str) -> Person:
    """Whose passkey has that name."""
    return session.scalars(select(Person).join(PersonPasskey).where(PersonPasskey.handle == handle)).one()
