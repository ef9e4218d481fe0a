"""The trail of who did what on the study side; entries are added and never changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.chain.append import Act, append


def record(
    session: Session,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    facts: Mapping[str, object] | None = None,
    request_id: str | None = None,
) -> None:
    """Add one act. ``facts`` are codes, numbers and pseudonyms; never an answer, an address or a secret."""
    append(session, AuditEntry, Act(at, actor, action, subject, facts or {}, request_id))
