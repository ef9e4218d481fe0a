"""What anybody did in the vault, written down; entries are added and never changed."""

from collections.abc import Mapping
from datetime import datetime

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
