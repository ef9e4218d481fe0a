"""Who may sign in on the study side: accounts known by pseudonym, staff, and the sign-ins they hold."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class Account(StudyBase):
    """One person on the platform, known here by a pseudonym only; has one or more participants."""

    __tablename__ = "account"

    pseudonym: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str | None] = mapped_column(String(8))
    layout: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Staff(StudyBase):
    """A professional of the study side. ``roles`` hold for the whole platform; an appointment for one study."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(8))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignIn(StudyBase):
    """A key that a browser holds, stored hashed; it ends by sign-out, idleness or age.

    ``scope`` narrows it: a link from a reminder opens one visit and nothing else.
    """

    __tablename__ = "sign_in"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_pseudonym: Mapped[str | None] = mapped_column(ForeignKey("account.pseudonym"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    scope: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedAssertion(StudyBase):
    """The identifier of a vault assertion that has signed somebody in; it never does so again."""

    __tablename__ = "used_assertion"

    identifier: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
