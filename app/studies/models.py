"""A study's design as stored: titles, sites, arms, protocol versions, and who works on it."""

from collections.abc import Mapping
from datetime import datetime

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


class Appointment(StudyBase):
    """What one professional may do in one study; at one site only, or at all of them."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("staff_id", "study_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    role: Mapped[str] = mapped_column(String(20))
