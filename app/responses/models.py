"""Answers as they are given, append-only, and submissions as they are frozen."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime

Frozen: TypeAlias = int | float | str | list[int] | None
"""An answer as a submission keeps it: a code, a number, a date or words, a list of codes; None: left out on purpose."""


class AnswerSheet(StudyBase):
    """One instrument being answered on one occasion; there is one, however many tabs and devices are open.

    ``wordings``: by language the wording version that it was begun with, in every language that was offered then; they
    stay the same to its end. Empty on sheets from before that was kept.
    ``answered_on`` is the day written on a form that is entered from paper, ``entered_by`` who began to enter it; both
    are empty where the participant answers here.
    """

    __tablename__ = "answer_sheet"
    __table_args__ = (UniqueConstraint("occasion_id", "instrument"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"))
    instrument: Mapped[str] = mapped_column(String(90))
    language: Mapped[str] = mapped_column(String(8))
    wordings: Mapped[Mapping[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_on: Mapped[date | None] = mapped_column(Date)
    entered_by: Mapped[str | None] = mapped_column(String(80))


class Answer(StudyBase):
    """One revision of the answer to one item. Rows are only ever added: the last revision counts, the rest is history.

    A whole number stands in ``value``; every other kind in ``content``: a number with decimals, a date or words, a list
    of codes. ``declined`` is an answer of its own: left out on purpose. A row with none of the three says that the
    answer before it was wiped out. ``seen`` is the revision the browser had before.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("sheet_id", "item", "revision"),
        UniqueConstraint("sheet_id", "request_id", "item"),
        CheckConstraint(
            "(value IS NULL OR content IS NULL) AND (NOT declined OR (value IS NULL AND content IS NULL))",
            name="one_answer",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheet.id"))
    item: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]
    seen: Mapped[int]
    value: Mapped[int | None]
    content: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    declined: Mapped[bool]
    paper: Mapped[str | None] = mapped_column(String(20))
    request_id: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(8))


class Submission(StudyBase):
    """A completed instrument: its answers and scores with the versions of everything that made them, frozen.

    ``answers`` holds what was asked; ``skipped`` what routing left out; an item in neither was never shown. ``facts``
    are those that decided or scored anything. ``course`` is the way through an adaptive test, step by step.
    ``answered_at`` is when a form that came in on paper had been filled in, ``entered_by`` who entered it, and
    ``unread`` why an item of it has no answer (``blank-on-paper``, ``unusable-on-paper``); all three are empty for one
    that was answered here.
    """

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheet.id"), unique=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), index=True)
    instrument: Mapped[str] = mapped_column(String(90))
    instrument_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    wording_version: Mapped[str] = mapped_column(String(20))
    wording_hash: Mapped[str] = mapped_column(String(64))
    scoring_version: Mapped[str] = mapped_column(String(20))
    protocol_version: Mapped[int]
    answers: Mapped[Mapping[str, Frozen]] = mapped_column(JSON)
    skipped: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))  # None: sent before this was kept
    facts: Mapped[Mapping[str, float | str] | None] = mapped_column(JSON(none_as_null=True))
    course: Mapped[list[Mapping[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entered_by: Mapped[str | None] = mapped_column(String(80))
    unread: Mapped[Mapping[str, str] | None] = mapped_column(JSON(none_as_null=True))
    late: Mapped[bool]
    request_id: Mapped[str] = mapped_column(String(64))  # tells a repeated request from a second one


class SubmissionScore(StudyBase):
    """One scale of one submission; ``value`` is empty where too few items were answered."""

    __tablename__ = "submission_score"
    __table_args__ = (UniqueConstraint("submission_id", "scale"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    scale: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | None]
    answered: Mapped[int]
    of: Mapped[int]
    needed: Mapped[int]
