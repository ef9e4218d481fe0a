"""One person in one study: pseudonym, subject code, dated events, and what happened on each occasion."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class Participant(StudyBase):
    """One person in one study, known here only by a pseudonym and a subject code.

    ``next_look_at`` is a hint for the job that sends notices: wrong, it costs a look, never a wrong message.
    """

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "subject_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    account_pseudonym: Mapped[str] = mapped_column(ForeignKey("account.pseudonym"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    arm_id: Mapped[int | None] = mapped_column(ForeignKey("arm.id"))
    protocol_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_version.id"))
    subject_code: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_look_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class ParticipantEvent(StudyBase):
    """A dated fact that visits hang on; a correction is a new row, and the last one recorded counts."""

    __tablename__ = "participant_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(80))


_WAITING = text("submitted_at IS NULL AND excused_at IS NULL")
_EXCUSED = text("excused_at IS NOT NULL")


class OccasionRecord(StudyBase):
    """What happened on one visit of one participant at one iteration: facts with their instants, never a state.

    ``due_at`` and ``closes_at`` are hints for counting many at once: copies of what the timeline computes, renewed
    whenever a participant is looked at. Nothing is decided by them.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        UniqueConstraint("participant_id", "visit_key", "iteration"),
        Index("ix_occasion_waiting", "closes_at", "participant_id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_occasion_excused", "participant_id", postgresql_where=_EXCUSED, sqlite_where=_EXCUSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    visit_key: Mapped[str] = mapped_column(String(40))
    iteration: Mapped[int] = mapped_column(default=1)
    made_available_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excused_reason: Mapped[str | None] = mapped_column(String(40))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VisitTally(StudyBase):
    """How many visits of a large study were in which state when they were last counted; see tallies.py."""

    __tablename__ = "visit_tally"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    visit_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    visits: Mapped[int]
    available: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessLink(StudyBase):
    """A link that opens one occasion without a password; only the hash of its token is kept."""

    __tablename__ = "access_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
