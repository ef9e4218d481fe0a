"""Opening one identity: asked for with a reason by one operator, allowed by another, readable for a short time.

Each step is one act that the caller writes into the ledger; the person reads on the account that it happened.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import identities, people
from app.identity.identity import Identity
from app.identity.models import Person, Pseudonym, Unmasking

OPEN_FOR = timedelta(minutes=15)
WAITS_FOR = timedelta(days=3)
SHORTEST_REASON = 10
KEY_BYTES = 16
LISTED = 100


class State(Enum):
    """What has become of a request."""

    WAITING = "waits for another operator"
    OPEN = "the identity can be read"
    CLOSED = "the time to read it is over"
    REFUSED = "another operator said no"
    LAPSED = "nobody decided in time"


def ask(session: Session, pseudonym: str, reason: str, operator_id: int, at: datetime) -> Unmasking:
    """A request for the identity behind any pseudonym.

    Refusal("pseudonym-unknown") if nobody has it, Refusal("reason-missing") for a reason that says nothing.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal("reason-missing")
    try:
        person = people.person_for(session, pseudonym.strip().replace("\x00", "\ufffd"))
    except people.UnknownPseudonym as unknown:
        raise Refusal("pseudonym-unknown") from unknown
    asked = Unmasking(
        key=secrets.token_urlsafe(KEY_BYTES),
        person_id=person.id,
        pseudonym=pseudonym.strip(),
        reason=reason.strip(),
        asked_by=operator_id,
        asked_at=at,
    )
    session.add(asked)
    session.flush()
    return asked


def approve(session: Session, key: str, operator_id: int, at: datetime) -> Unmasking:
    """Another operator allows it: from now on whoever asked can read the identity, for a quarter of an hour.

    Refusal("needs-another-operator") for whoever asked, Refusal("already-decided") if it no longer waits.
    """
    return _decide(session, key, operator_id, at, approved_at=at, closes_at=at + OPEN_FOR)


def refuse(session: Session, key: str, operator_id: int, at: datetime) -> Unmasking:
    """Another operator says no; the same refusals as for ``approve``."""
    return _decide(session, key, operator_id, at, refused_at=at)


def read(session: Session, key: str, operator_id: int, at: datetime) -> tuple[Unmasking, Identity]:
    """The identity, for the one who asked, while it is open; Refusal("not-open") otherwise."""
    asked = find(session, key)
    if asked is None or asked.asked_by != operator_id or state(asked, at) is not State.OPEN:
        raise Refusal("not-open")
    person = session.get_one(Person, asked.person_id)
    if person.erased_at is not None:
        raise Refusal("not-open")
    asked.read_at = asked.read_at or at
    session.flush()
    return asked, identities.read(session, person)


def state(asked: Unmasking, at: datetime) -> State:
    """What has become of a request at an instant."""
    if asked.refused_at is not None:
        return State.REFUSED
    if asked.closes_at is not None:
        return State.OPEN if at < asked.closes_at else State.CLOSED
    return State.WAITING if at < asked.asked_at + WAITS_FOR else State.LAPSED


def find(session: Session, key: str) -> Unmasking | None:
    """A request by the key in its address."""
    return session.scalar(select(Unmasking).where(Unmasking.key == key.replace("\x00", "\ufffd")))


def requests(session: Session) -> Sequence[Unmasking]:
    """The last requests, newest first."""
    return session.scalars(select(Unmasking).order_by(Unmasking.id.desc()).limit(LISTED)).all()


def of_account(session: Session, account_pseudonym: str) -> Sequence[Unmasking]:
    """Every time that an identity was opened to somebody, for the person of the account, newest first."""
    whose = select(Pseudonym.person_id).where(Pseudonym.value == account_pseudonym, Pseudonym.domain == people.ACCOUNT)
    opened = select(Unmasking).where(Unmasking.person_id.in_(whose), Unmasking.approved_at.is_not(None))
    return session.scalars(opened.order_by(Unmasking.id.desc())).all()


def _decide(session: Session, key: str, operator_id: int, at: datetime, **decision: datetime) -> Unmasking:
    asked = find(session, key)
    if asked is None or state(asked, at) is not State.WAITING:
        raise Refusal("already-decided")
    if asked.asked_by == operator_id:
        raise Refusal("needs-another-operator")
    # Two operators may decide at the same instant: the first one counts.
    waiting = update(Unmasking).where(Unmasking.id == asked.id, Unmasking.decided_by.is_(None))
    changed = waiting.values(decided_by=operator_id, **decision).returning(Unmasking.id)
    if session.execute(changed).one_or_none() is None:
        raise Refusal("already-decided")
    session.refresh(asked)
    return asked
