"""What is given back: summaries of a study's results, news of studies one could join, and what people said to them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class Post(StudyBase):
    """A summary of results or an announcement of a study, written for those who take part in one, or for everybody.

    ``kind`` is a key of kinds.KINDS and ``audience`` one of kinds.AUDIENCES. ``instrument`` and ``scale`` name the
    study's mean course that is to be shown; ``chart`` is that course as it was when the post was published.
    ``revision`` counts the saves of a draft. What was published never changes; ``withdrawn_at`` is when it was taken
    back and its readers stopped seeing it.
    ``proposed_at``: since when a draft waits for a data manager, or had waited when it was approved, as ``approved_by``
    says; one that was sent back is a draft again, with the reason.
    ``told_up_to`` and ``accounts_told_up_to`` are the last participant and the last account for whom a message about
    it was made, ``told_at`` when all had theirs.
    """

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    audience: Mapped[str] = mapped_column(String(12), default="study", server_default="study")
    instrument: Mapped[str | None] = mapped_column(String(90))
    scale: Mapped[str | None] = mapped_column(String(40))
    chart: Mapped[Mapping[str, object] | None] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sent_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sent_back_reason: Mapped[str | None] = mapped_column(String(1000))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_up_to: Mapped[int] = mapped_column(default=0, server_default="0")
    accounts_told_up_to: Mapped[str] = mapped_column(String(40), default="", server_default="")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PostText(StudyBase):
    """A post in one language; what only an announcement says (from ``who`` on) is empty in a summary."""

    __tablename__ = "post_text"
    __table_args__ = (UniqueConstraint("post_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text, default="")
    involves: Mapped[str] = mapped_column(Text, default="")
    duration: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")


class Reading(StudyBase):
    """An account has seen a post; until then it is marked new."""

    __tablename__ = "reading"

    account_pseudonym: Mapped[str] = mapped_column(ForeignKey("account.pseudonym"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, index=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reply(StudyBase):
    """What a participant said to an announcement of their study; a change of mind is a new row, the last one counts.

    It is the participant's and not the account's: the study team sees the subject code and learns no other pseudonym.
    """

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    answer: Mapped[str] = mapped_column(String(16))
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Mute(StudyBase):
    """An account wants no more announcements of one kind; ``ended_at`` when it changed its mind."""

    __tablename__ = "mute"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_pseudonym: Mapped[str] = mapped_column(ForeignKey("account.pseudonym"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
