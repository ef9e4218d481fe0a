"""What anybody did in the vault, written down; entries are added and never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.chain.append import Act, append
from app.identity.models import LedgerEntry


def record(
    session: Session,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    facts: Mapping[str, object] | None = None,
    request_id: str | None = None,
) -> None:
    """Add one act. Everything in it is a code, a pseudonym or an id of the vault, never a name or an address."""
    append(session, LedgerEntry, Act(at, actor, action, subject, facts or {}, request_id))


def about(session: Session, subject: str, actions: Collection[str], since: datetime) -> Sequence[LedgerEntry]:
    """What of these was done to somebody or something since then, the newest first."""
    mine = (LedgerEntry.at > since, LedgerEntry.subject == subject, LedgerEntry.action.in_(actions))
    return session.scalars(select(LedgerEntry).where(*mine).order_by(LedgerEntry.id.desc())).all()
