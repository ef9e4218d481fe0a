"""The licences of instruments as attested, revision by revision; nothing is ever changed, the last revision counts."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class Licence(StudyBase):
    """One agreement with the owner of one instrument version. What it says is in its revisions."""

    __tablename__ = "licence"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    instrument: Mapped[str] = mapped_column(String(90), index=True)


class LicenceRevision(StudyBase):
    """What the agreement says, as somebody attested it on a day.

    ``every_study``: it covers all studies of the platform; otherwise those of LicenceStudy. ``expires_on`` is the last
    day on which it holds. A withdrawn licence covers nothing any more.
    """

    __tablename__ = "licence_revision"
    __table_args__ = (UniqueConstraint("licence_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    licence_id: Mapped[int] = mapped_column(ForeignKey("licence.id"))
    number: Mapped[int]
    owner: Mapped[str] = mapped_column(String(200))
    licence_number: Mapped[str] = mapped_column(String(80))
    terms: Mapped[str] = mapped_column(Text)
    every_study: Mapped[bool]
    languages: Mapped[list[str]] = mapped_column(JSON)
    electronic: Mapped[bool]
    valid_from: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_because: Mapped[str | None] = mapped_column(String(400))
    attested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    attested_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LicenceStudy(StudyBase):
    """A study that a revision of a licence names."""

    __tablename__ = "licence_study"

    revision_id: Mapped[int] = mapped_column(ForeignKey("licence_revision.id"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True, index=True)


class LicenceDocument(StudyBase):
    """A file that shows what was agreed: the signed licence, the owner's letter. Kept for ever, never replaced."""

    __tablename__ = "licence_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    licence_id: Mapped[int] = mapped_column(ForeignKey("licence.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    attached_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FidelityPack(StudyBase):
    """One file for an owner's review, asked for by a data manager and made by a job; ``hashes`` are the wordings' then.

    ``begun_at`` holds it for whoever makes it. ``problem`` says why it could not be made; what is made has a content.
    """

    __tablename__ = "fidelity_pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument: Mapped[str] = mapped_column(String(90), index=True)
    hashes: Mapped[dict[str, str]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(20))
    size: Mapped[int | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
