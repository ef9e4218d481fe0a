"""The vault: who a person is, and under which pseudonyms the study side knows that person.

Columns named ``..._sealed`` hold what only the person's own key opens; app/identity/sealed_rows.py lists them.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.chain import guards
from app.chain.entry import ChainedEntry
from app.db import UtcDateTime, VaultBase, table


class Person(VaultBase):
    """An identity, sealed. ``email_index`` is the keyed hash of the address that a sign-in is looked up by.

    ``revision`` counts the changes and is sealed in with every field, so that no older value can be put back beside
    newer ones. Of an erased person nothing is left but this row's number, language and dates.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    family_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    birth_date_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    postal_address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    password_hash_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(8))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Two changes at the same instant: the second one fails instead of sealing half of it under a revision of the past.
    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's form


class PersonKey(VaultBase):
    """The key that opens one person's fields, wrapped by a master key. Without this row the person is unreadable."""

    __tablename__ = "person_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    master_key: Mapped[int] = mapped_column(index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LikenessIndex(VaultBase):
    """Keyed hashes by which two entries of the same human being are noticed without opening anybody's fields."""

    __tablename__ = "likeness_index"
    __table_args__ = (UniqueConstraint("person_id", "kind", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(64), index=True)


class Pseudonym(VaultBase):
    """A name by which another side knows a person: the account, one per study, another for the warehouse."""

    __tablename__ = "pseudonym"
    __table_args__ = (UniqueConstraint("person_id", "domain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    domain: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(40), unique=True)


class MailboxMessage(VaultBase):
    """A message in the vault's keeping: sealed, for its links open what they lead to. The demonstration shows it.

    ``due_at``: when the vault's own letter is to be carried next; empty once that is over, and for what others send.
    ``address``: where to, if not to the person's address of now, as when a new one is to be confirmed.
    """

    __tablename__ = "mailbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    subject_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class UsedTicket(VaultBase):
    """The identifier of a ticket of the study side, or of a passkey's challenge, that has been used; never again."""

    __tablename__ = "used_ticket"

    identifier: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(VaultBase):
    """A link by which somebody who was enrolled chooses a password, once; only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BatchLine(VaultBase):
    """Who was entered under a subject code of a study by a list: the same list sent again doubles nobody.

    ``line_index`` is the keyed hash of study and code; the code itself is the study's.
    """

    __tablename__ = "batch_line"

    line_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Registration(VaultBase):
    """Somebody asked for an account: a person who cannot be found yet, or only that the address was written to.

    ``address_index`` counts the messages to one address, known or not. What is not confirmed by ``expires_at`` is
    removed with everything that was typed.
    """

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_index: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AddressChange(VaultBase):
    """A new e-mail address that waits for its owner to confirm it by a mailed link; sealed like the one in use."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Unmasking(VaultBase):
    """A request to open one identity: asked for by one operator, decided by another, open for a short time."""

    __tablename__ = "unmasking"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(1000))
    asked_by: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Reachability(VaultBase):
    """Bounces in a row of one person's address; ``revision`` is that of the identity they belong to."""

    __tablename__ = "reachability"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    bounces: Mapped[int]
    revision: Mapped[int]
    bounced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerEntry(ChainedEntry, VaultBase):
    """What anybody did in the vault: append-only, each entry chained to the one before it."""

    __tablename__ = "ledger_entry"


guards.install_with(table(LedgerEntry))
