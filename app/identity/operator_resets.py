"""A link with which an operator chooses a new password: made by another one, who never sees the password.

The second factor stays: whoever made the link does not get in with it. Nor by taking the second factor away as well,
since nobody helps the same operator with both (``helped_with``).
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import operators, single_use
from app.identity.models import LedgerEntry
from app.identity.sign_in_models import Operator, OperatorResetLink

LIFETIME: Final = timedelta(hours=24)
LINK_MADE: Final = "operator.reset-link-made"
FACTOR_DROPPED: Final = "operator.second-factor-dropped"
THE_OTHER: Final = {LINK_MADE: FACTOR_DROPPED, FACTOR_DROPPED: LINK_MADE}
APART: Final = timedelta(days=30)
"""For so long whoever has helped with one of the two does not help with the other one."""


def check_helper(session: Session, helper: int, operator_id: int, act: str, at: datetime) -> None:
    """Refusal("helped-already") for who has helped the same operator with the other factor: then nobody else would be
    needed to sign in as that operator, and what takes two would take one.
    """
    helped = select(LedgerEntry.id).where(
        LedgerEntry.actor == f"operator:{helper}",
        LedgerEntry.action == THE_OTHER[act],
        LedgerEntry.subject == f"operator:{operator_id}",
        LedgerEntry.at > at - APART,
    )
    if session.scalar(helped.limit(1)) is not None:
        raise Refusal("helped-already")


def make(session: Session, operator_id: int, at: datetime) -> str:
    """A new link in place of any that waits; the raw token, which is nowhere else."""
    end_all(session, operator_id, at)
    token = single_use.new_token()
    link = OperatorResetLink(token_hash=single_use.hashed(token), operator_id=operator_id, made_at=at)
    link.expires_at = at + LIFETIME
    session.add(link)
    session.flush()
    return token


def find(session: Session, token: str, at: datetime) -> Operator:
    """Whose password the link changes; looking changes nothing. Refusal("operator-link-dead") if it cannot be used."""
    row = session.scalar(select(OperatorResetLink).where(_open(token, at)))
    found = None if row is None else session.get_one(Operator, row.operator_id)
    if found is None or found.closed_at is not None:
        raise Refusal("operator-link-dead")
    return found


def use(session: Session, token: str, password: str, at: datetime) -> Operator:
    """Take the new password, use the link up, and sign the operator out everywhere.

    Refusal("operator-link-dead") as above and for whoever comes second; a refusal of the password leaves the link as it
    is, since the caller stores nothing then.
    """
    found = find(session, token, at)
    claimed = session.execute(update(OperatorResetLink).where(_open(token, at)).values(ended_at=at))
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("operator-link-dead")
    operators.change_password(session, found.id, password)
    operators.end_all(session, found.id, at)
    return found


def end_all(session: Session, operator_id: int, at: datetime) -> None:
    """No link made for this operator works any longer."""
    held = (OperatorResetLink.operator_id == operator_id, OperatorResetLink.ended_at.is_(None))
    session.execute(update(OperatorResetLink).where(*held).values(ended_at=at))


def _open(token: str, at: datetime) -> ColumnElement[bool]:
    waiting = (OperatorResetLink.ended_at.is_(None), OperatorResetLink.expires_at > at)
    return and_(OperatorResetLink.token_hash == single_use.hashed(token), *waiting)
