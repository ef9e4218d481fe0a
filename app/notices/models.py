"""Messages to send, each claimed once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class Notice(StudyBase):
    """One message to one participant about one occasion; the unique key is what makes it go out once."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("occasion_id", "channel", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"))
    channel: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), index=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
