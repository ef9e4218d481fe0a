"""Passkeys of operators: the device checks who holds it, so that one stands for both factors."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.identity.models import UsedTicket
from app.identity.sign_in_models import OperatorPasskey
from app.passkeys.ceremony import Made, Place
from app.passkeys.kept import Passkeys

KEEPS_CHALLENGES = timedelta(hours=1)
LONGEST_NAME = 60


def kept(session: Session) -> Passkeys[OperatorPasskey]:
    """All of them."""
    return Passkeys(session, OperatorPasskey, "operator_id")


def add(session: Session, operator_id: int, made: Made, user_handle: bytes, name: str, at: datetime) -> OperatorPasskey:
    """A passkey from now on; Refusal("passkey-known") if this one was added before, by anybody; "passkeys-enough"."""
    fresh = kept(session).fresh(operator_id, made, user_handle, at)
    fresh.name = name[:LONGEST_NAME].replace("\x00", "\ufffd")
    if not once.insert(session, fresh):
        raise Refusal("passkey-known")
    return fresh


def owner_of(session: Session, handle: str) -> int:
    """Whose passkey has that name."""
    return session.scalars(select(OperatorPasskey.operator_id).where(OperatorPasskey.handle == handle)).one()


def prove(session: Session, place: Place, answer: str, challenge: bytes, at: datetime) -> OperatorPasskey:
    """The operator's passkey; Refused and WentBack as in app/passkeys/kept.py. A challenge counts once."""

    def use_up(name: str) -> bool:
        return once.insert(session, UsedTicket(identifier=name, expires_at=at + KEEPS_CHALLENGES))

    return kept(session).prove(place, answer, challenge, use_up, at)
