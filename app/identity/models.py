"""The vault: who a person is, and under which pseudonyms the study side knows that person."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UtcDateTime, VaultBase


class Person(VaultBase):
    """An identity. ``email_key`` is the normalised address that a sign-in is looked up by."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    given_name: Mapped[str] = mapped_column(String(120))
    family_name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Pseudonym(VaultBase):
    """A name by which another side knows a person: the account, one per study, later the warehouse."""

    __tablename__ = "pseudonym"
    __table_args__ = (UniqueConstraint("person_id", "domain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    domain: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(40), unique=True)


class MailboxMessage(VaultBase):
    """A message as delivered to the demonstration's visible mailbox."""

    __tablename__ = "mailbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerEntry(VaultBase):
    """What anybody did in the vault: append-only."""

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
