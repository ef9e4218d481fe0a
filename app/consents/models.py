"""The versions of a study's information and consent note, and what participants said to each."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class ConsentVersion(StudyBase):
    """One version of a study's note. A draft has no number; what was published never changes.

    ``number`` is counted by the study from 1; ``label`` is what the sponsor calls it. ``needs_renewal``: those who take
    part already are asked again, for a ``reason`` that stays on record. ``revision`` counts the saves of a draft.
    ``told_up_to`` is the last participant for whom a message about it was made, ``told_at`` when all had theirs.
    """

    __tablename__ = "consent_version"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    number: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(60))
    needs_renewal: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    told_up_to: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConsentText(StudyBase):
    """A version in one language: ``news`` says what is new, ``note`` is all of it unless it is attached as a file."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("version_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("consent_version.id"))
    language: Mapped[str] = mapped_column(String(8))
    news: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


class ConsentDocument(StudyBase):
    """The note of a version in one language, as the file that the sponsor had approved."""

    __tablename__ = "consent_document"
    __table_args__ = (UniqueConstraint("version_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("consent_version.id"))
    language: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    attached_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentAnswer(StudyBase):
    """What a participant said to a version; a change of mind is a new row, the last one counts.

    ``way``: online, or on paper, at enrolment or later. ``language`` is the one in which it was read online.
    ``signed_on`` is the day that stands on the paper, ``reason`` why staff recorded it.
    """

    __tablename__ = "consent_answer"
    __table_args__ = (Index("ix_consent_answer_version_id_participant_id", "version_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("consent_version.id"))
    answer: Mapped[str] = mapped_column(String(12))
    way: Mapped[str] = mapped_column(String(12))
    language: Mapped[str | None] = mapped_column(String(8))
    signed_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
