"""A study's design as stored: titles, sites, arms, protocol versions, and who works on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime

Translated = Mapping[str, str]  # language -> text


class Study(StudyBase):
    """A research project. Before ``live_at`` it is being designed and enrols nobody; after ``closed_at`` it is over."""

    __tablename__ = "study"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[Translated] = mapped_column(JSON)
    contacts: Mapped[Translated] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    sponsor: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Site(StudyBase):
    """A centre that enrols participants of one study."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("study_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))


class Arm(StudyBase):
    """A treatment group of one study."""

    __tablename__ = "arm"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    key: Mapped[str] = mapped_column(String(40))
    titles: Mapped[Translated] = mapped_column(JSON)


class ProtocolVersion(StudyBase):
    """One immutable version of a study's design, as the document that app.scheduling parses."""

    __tablename__ = "protocol_version"
    __table_args__ = (UniqueConstraint("study_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    version: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Amendment(StudyBase):
    """A change of a study's protocol for those who take part already: who proposed, approved, applied, reverted it.

    Each act has its instant and its professional, and none is ever taken back: a revert is an act of its own.
    ``open_visits`` says whether visits that are open but not begun stay as they were or follow the new version.
    ``applying_at`` and ``reverting_at`` are when it was asked for; a job then moves everybody, and sets ``applied_at``
    or ``reverted_at`` after the last one. ``outlook`` is what the job found when it looked through everybody concerned.
    """

    __tablename__ = "amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    to_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_version.id"))
    open_visits: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    applying_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applying_by: Mapped[str | None] = mapped_column(String(80))
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by: Mapped[str | None] = mapped_column(String(80))
    reverting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reverting_by: Mapped[str | None] = mapped_column(String(80))
    reverted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reverted_by: Mapped[str | None] = mapped_column(String(80))
    outlook: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Appointment(StudyBase):
    """What one professional may do in one study; at one site only, or at all of them."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("staff_id", "study_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    role: Mapped[str] = mapped_column(String(20))


class ProtocolDraft(StudyBase):
    """The design of a study while it is being written: a document that may still be wrong.

    ``revision`` grows with every save, so that two people who write at the same time are told and nobody is
    overwritten.
    """

    __tablename__ = "protocol_draft"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    revision: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class NoticeTest(StudyBase):
    """The fact that somebody of the team has read a test message of one kind, in one language, on one channel."""

    __tablename__ = "notice_test"
    __table_args__ = (UniqueConstraint("study_id", "kind", "channel", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(8))
    tested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
