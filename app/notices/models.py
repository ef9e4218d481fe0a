"""Messages to send, each claimed once, and what their readers and studies have to say about them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime

_WAITING = text("waits_until IS NOT NULL")
_UNTOLD = text("told_at IS NULL")


class Notice(StudyBase):
    """One message to one participant, or to one account, about one thing; the unique key makes it go out once.

    An account is written to as such only about what concerns none of its participations. ``about`` names the thing,
    such as ``visit:12``. Notices that travel in one message share its ``message_id``.
    ``waits_until``: when somebody has to look again at a notice that is under way, put off or held for a time.
    ``ambiguous_at``: when it turned out that nobody knows whether a try went out; that stays on record.
    ``problem``: why the last try failed or it is held, in a word; never what another side said.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("participant_id", "about", "channel", "step"),
        UniqueConstraint("account_pseudonym", "about", "channel", "step"),
        CheckConstraint("(participant_id IS NULL) <> (account_pseudonym IS NULL)", name="one_reader"),
        Index("ix_notice_waits_until", "waits_until", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    account_pseudonym: Mapped[str | None] = mapped_column(ForeignKey("account.pseudonym"))
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id"), index=True)
    about: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), index=True)
    message_id: Mapped[str] = mapped_column(String(120), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waits_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ambiguous_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(40))


class MessageChoices(StudyBase):
    """How an account wants its messages, over all its studies. Without a row: as each protocol says.

    ``rest_reason`` is a word of the list that the page offers. ``stopped_at``: no messages at all; not a withdrawal.
    ``receipts``: whether a message says that answers have arrived; None: as each visit says.
    """

    __tablename__ = "message_choices"

    account_pseudonym: Mapped[str] = mapped_column(ForeignKey("account.pseudonym"), primary_key=True)
    channel: Mapped[str | None] = mapped_column(String(10))
    hour: Mapped[int | None]
    rests_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rest_reason: Mapped[str | None] = mapped_column(String(20))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipts: Mapped[bool | None]


class MessageKey(StudyBase):
    """A key in an address that needs no sign-in: to stop messages, or to read a calendar. Only its hash is kept."""

    __tablename__ = "message_key"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_pseudonym: Mapped[str] = mapped_column(ForeignKey("account.pseudonym"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Paragraph(StudyBase):
    """What a study adds to one kind of message in one language; append-only, the last version counts. May be empty."""

    __tablename__ = "notice_paragraph"
    __table_args__ = (UniqueConstraint("study_id", "kind", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ContactTask(StudyBase):
    """Somebody of the site has to ask a participant for an address that works. ``reason`` is a word, no address."""

    __tablename__ = "contact_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    channel: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Matter(StudyBase):
    """Something that the professionals of a site should hear of soon, raised once; ``kind`` is a key of matters.KINDS.

    ``about`` names it, such as ``visit:12``. ``role``: whom it concerns first, None for everybody who enrols there.
    ``told_at``: when the messages about it were made, whether anybody wanted one or not.
    """

    __tablename__ = "matter"
    __table_args__ = (Index("ix_matter_untold", "id", postgresql_where=_UNTOLD, sqlite_where=_UNTOLD),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(80), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    role: Mapped[str | None] = mapped_column(String(20))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffNotice(StudyBase):
    """One message to one professional about one thing; the unique key is what makes it go out once.

    The states are those of ``Notice``. ``facts`` are what its words need: numbers, codes of studies, no address and no
    secret. Notices that travel in one message share its ``message_id``.
    """

    __tablename__ = "staff_notice"
    __table_args__ = (
        UniqueConstraint("staff_id", "about"),
        Index("ix_staff_notice_waits_until", "waits_until", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    study_id: Mapped[int | None] = mapped_column(ForeignKey("study.id"))
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(100))
    facts: Mapped[Mapping[str, object]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12))
    message_id: Mapped[str] = mapped_column(String(120), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waits_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ambiguous_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(40))
