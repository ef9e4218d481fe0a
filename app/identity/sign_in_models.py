"""The vault: how people and its operators show who they are. Keys and codes are kept as hashes, secrets are sealed."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UtcDateTime, VaultBase
from app.passkeys.columns import PasskeyColumns
from app.second_factor.columns import FactorColumns, RecoveryCodeColumns


class Operator(VaultBase):
    """Somebody who works for the trusted third party; known on no other side.

    ``failed_tries``: wrong passwords and codes since the last sign-in. ``closed_at``: nobody signs in here any more.
    """

    __tablename__ = "operator"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    failed_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OperatorContact(VaultBase):
    """Where an operator reads e-mail at work, wrapped by a master key as the second factor is; never in a log.

    ``wrapped`` holds the address in use, the one that waits for its code and gets nothing but that, and the one of
    before, which is told that it was replaced and is forgotten then. ``language``: of the page on which it was given.
    """

    __tablename__ = "operator_contact"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(8))
    master_key: Mapped[int] = mapped_column(index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OperatorLetter(VaultBase):
    """A letter to an operator: what it is about and no word of it, since its words are made when it leaves.

    ``delivered_at`` and ``due_at``: as of a letter to a person (MailboxMessage).
    """

    __tablename__ = "operator_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    what: Mapped[str | None] = mapped_column(String(40))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class OperatorFactor(FactorColumns, VaultBase):
    """An operator's second factor: the secret of an authenticator app, wrapped by a master key as persons' keys are."""

    __tablename__ = "operator_factor"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), primary_key=True, autoincrement=False)
    master_key: Mapped[int] = mapped_column(index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class OperatorRecoveryCode(RecoveryCodeColumns, VaultBase):
    """A code on an operator's paper; or the only one, handed over so that an app can be set up."""

    __tablename__ = "operator_recovery_code"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)


class OperatorPasskey(PasskeyColumns, VaultBase):
    """An operator's passkey; with its own check of who holds it, it stands for password and second factor."""

    __tablename__ = "operator_passkey"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))


class OperatorResetLink(VaultBase):
    """The hash of a single-use link with which an operator chooses a new password; the second factor stays."""

    __tablename__ = "operator_reset_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OperatorSignIn(VaultBase):
    """A key that an operator's browser holds, stored hashed; it ends by sign-out, idleness or age.

    ``is_half``: the password was given, and the second factor not yet. ``browser`` is what its owner knows it by.
    """

    __tablename__ = "operator_sign_in"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    browser: Mapped[str | None] = mapped_column(String(60))
    is_half: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailedLink(VaultBase):
    """A single-use link that was mailed to a person: the hash of its token, what it is for, and which browser asked.

    ``state`` is what the study side knows that browser's sign-in by.
    """

    __tablename__ = "mailed_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    browser_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonFactor(FactorColumns, VaultBase):
    """A participant's second factor, for whoever wants one: the secret of an authenticator app, sealed.

    ``lapses_at``: the app and its codes are lost; unless a code is typed before, no code is asked for from then on.
    """

    __tablename__ = "person_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    lapses_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonRecoveryCode(RecoveryCodeColumns, VaultBase):
    """A code on a participant's paper."""

    __tablename__ = "person_recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class PersonPasskey(PasskeyColumns, VaultBase):
    """A participant's passkey: the public half. How its owner calls it may say who that is, so it is sealed."""

    __tablename__ = "person_passkey"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PersonStep(VaultBase):
    """A key that a participant's browser holds for a few minutes on the vault's own pages, stored hashed.

    ``kind``: on the way to the code of the app, or to look after the ways in. ``state`` and ``ends_others``: what the
    study side is told once the code is there; ``way``: how the person has come so far.
    """

    __tablename__ = "person_step"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(64))
    way: Mapped[str] = mapped_column(String(40))
    ends_others: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonTries(VaultBase):
    """Wrong passwords and codes since somebody's last sign-in, and when the last one was; nothing of what was typed.

    Tries with addresses that nobody has are counted for nobody (people.NOBODY): so that they cost the same.
    """

    __tablename__ = "person_tries"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failed: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PersonSignOut(VaultBase):
    """An operator has signed somebody out everywhere, on request; the person reads when and why. Or an erasure has.

    ``done_at``: when the study side has ended what was open at ``asked_at``; the vault's own keys ended then.
    """

    __tablename__ = "person_sign_out"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
