"""What participants ask for by law about their data in one study, and everything that was done about it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class RightRequest(StudyBase):
    """One request of one participant; its state is that of its last step."""

    __tablename__ = "right_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column(Date)


class RightStep(StudyBase):
    """Something that was done about a request, with what the participant was told; steps are added, never changed.

    ``effect``: what a granted request switches off, as in effects.py, until a later step lifts it.
    """

    __tablename__ = "right_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("right_request.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    effect: Mapped[str | None] = mapped_column(String(20))
