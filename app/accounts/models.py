"""Who may sign in on the study side: accounts known by pseudonym, staff, and the sign-ins they hold."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime
from app.passkeys.columns import PasskeyColumns
from app.second_factor.columns import FactorColumns, RecoveryCodeColumns


class Account(StudyBase):
    """One person on the platform, known here by a pseudonym only; has one or more participants, or none yet.

    ``study_news``: whether the person wants news of studies that could be joined; None: never said, so not asked for.
    ``next_look_at`` is a hint for the job that sends notices, like the one of a participant.
    """

    __tablename__ = "account"

    pseudonym: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str | None] = mapped_column(String(8))
    layout: Mapped[str | None] = mapped_column(String(8))
    study_news: Mapped[bool | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_look_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class Staff(StudyBase):
    """A professional of the study side. ``roles`` hold for the whole platform; an appointment for one study.

    ``failed_tries``: wrong passwords and codes since the last sign-in. ``closed_at``: nobody signs in here any more.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(8))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    failed_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffContact(StudyBase):
    """Where a professional reads e-mail at work, and which messages it is used for. Never in a log, never in a trail.

    ``address`` was confirmed by a code that was mailed to it; ``pending_address`` waits for that, and gets nothing but
    the code. ``former_address`` is told that it was replaced, and is forgotten then. ``digest_on``: the last day, by
    the clocks of ``time_zone``, on which it was seen to whether a digest has anything to say.
    """

    __tablename__ = "staff_contact"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    address: Mapped[str | None] = mapped_column(String(254))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pending_address: Mapped[str | None] = mapped_column(String(254))
    former_address: Mapped[str | None] = mapped_column(String(254))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[bool] = mapped_column(default=False)
    alerts: Mapped[bool] = mapped_column(default=False)
    hour: Mapped[int] = mapped_column(default=7)
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Paris")
    digest_on: Mapped[date | None] = mapped_column(Date)


class StaffFactor(FactorColumns, StudyBase):
    """A professional's second factor: the secret of an authenticator app, sealed."""

    __tablename__ = "staff_factor"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class StaffRecoveryCode(RecoveryCodeColumns, StudyBase):
    """A code on a professional's paper."""

    __tablename__ = "staff_recovery_code"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)


class StaffPasskey(PasskeyColumns, StudyBase):
    """A professional's passkey; with its own check of who holds it, it stands for password and second factor."""

    __tablename__ = "staff_passkey"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))


class StaffResetLink(StudyBase):
    """The hash of a single-use link with which a professional chooses a new password.

    ``drops_factor``: the second factor is lost too, and is set up anew at the next sign-in.
    """

    __tablename__ = "staff_reset_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    drops_factor: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(StudyBase):
    """A key that a browser holds, stored hashed; it ends by sign-out, idleness or age.

    ``scope`` narrows it: a link from a reminder opens one visit and nothing else. ``browser`` is what its owner knows
    it by in the list of sign-ins, such as "Firefox, Android".
    """

    __tablename__ = "sign_in"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_pseudonym: Mapped[str | None] = mapped_column(ForeignKey("account.pseudonym"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    scope: Mapped[str | None] = mapped_column(String(80))
    browser: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedAssertion(StudyBase):
    """The identifier of a vault assertion or of a passkey's challenge that has been used; it never is again."""

    __tablename__ = "used_assertion"

    identifier: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
