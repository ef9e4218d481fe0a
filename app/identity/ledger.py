"""What anybody did in the vault, written down; entries are added and never changed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.identity.models import LedgerEntry


def record(session: Session, at: datetime, actor: str, action: str, subject: str) -> None:
    """Add one act. Actor and subject are pseudonyms or ids of the vault, never a name or an address."""
    session.add(LedgerEntry(at=at, actor=actor, action=action, subject=subject))
