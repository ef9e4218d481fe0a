"""The end of an operator's account, and its new beginning: nobody signs in meanwhile, what was done stays on record."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import passwords
from app.errors import Refusal
from app.identity import (
    operator_contacts,
    operator_factors,
    operator_letters,
    operator_passkeys,
    operator_resets,
    operators,
)
from app.identity.sign_in_models import Operator, OperatorPasskey

FEWEST: Final = 2
"""One asks to open an identity, another one allows it."""
REASONS_TO_CLOSE: Final = ("left", "other-work", "danger")
"""Has left the institution; works on something else; somebody else may have the ways in."""
REASONS_TO_REOPEN: Final = ("back", "mistake")
"""Has come back; was closed by mistake."""


def able(session: Session, *, needs_second_factor: bool) -> frozenset[int]:
    """Who can sign in today, without anybody's help."""
    with_app = operator_factors.kept(session).those_set_up()
    with_passkey = set(session.scalars(select(OperatorPasskey.operator_id).where(OperatorPasskey.stopped_at.is_(None))))
    return frozenset(
        one.id
        for one in operators.everybody(session)
        if one.closed_at is None
        and (
            one.id in with_passkey
            or (not passwords.is_nobodys(one.password_hash) and (one.id in with_app or not needs_second_factor))
        )
    )


def close(session: Session, operator_id: int, reason: str, at: datetime, *, needs_second_factor: bool) -> None:
    """End every sign-in and every way in, and the address.

    Refusal("reason-not-chosen") for none of REASONS_TO_CLOSE, Refusal("two-operators-needed") where fewer than two
    others could sign in.
    """
    if reason not in REASONS_TO_CLOSE:
        raise Refusal("reason-not-chosen")
    # All of them are held until this is done: of three, two who close each other leave two.
    operators.hold_all(session)
    if len(able(session, needs_second_factor=needs_second_factor) - {operator_id}) < FEWEST:
        raise Refusal("two-operators-needed")
    person = session.get_one(Operator, operator_id)
    person.closed_at = person.closed_at or at
    _take_everything(session, person, at)


def reopen(session: Session, operator_id: int, reason: str, at: datetime) -> None:
    """Open it again, without a way in: others help as they help whoever has lost password and telephone.

    Refusal("reason-not-chosen") for none of REASONS_TO_REOPEN.
    """
    if reason not in REASONS_TO_REOPEN:
        raise Refusal("reason-not-chosen")
    operators.hold_all(session)
    person = session.get_one(Operator, operator_id)
    # What was opened or made in the very instant of the closing is as dead as the rest.
    _take_everything(session, person, at)
    person.closed_at = None
    session.flush()


def _take_everything(session: Session, person: Operator, at: datetime) -> None:
    person.password_hash, person.failed_tries = passwords.NOBODYS_HASH, 0
    operators.end_all(session, person.id, at)
    operator_resets.end_all(session, person.id, at)
    operator_factors.kept(session).drop(person.id)
    operator_factors.recovery_codes(session).forget(person.id)
    operator_passkeys.kept(session).forget(person.id)
    operator_letters.drop_all(session, person.id)
    operator_contacts.forget_all(session, person.id)
    session.flush()
