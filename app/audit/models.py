"""Who did what, when, to what: append-only."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class AuditEntry(StudyBase):
    """One act; ``facts`` hold codes and pseudonyms, never an answer or an address."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    facts: Mapped[Mapping[str, object]] = mapped_column(JSON)
    request_id: Mapped[str | None] = mapped_column(String(40))
