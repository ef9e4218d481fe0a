"""One person in one study: pseudonym, subject code, dated events, and what happened on each occasion."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.db import StudyBase, UtcDateTime


class Participant(StudyBase):
    """One person in one study, known here only by a pseudonym and a subject code.

    ``next_look_at`` is a hint for the job that sends notices: wrong, it costs a look, never a wrong message.
    ``withdrawn_at`` is the withdrawal from follow-up; those from contact and from use are acts of their own.
    ``contact_stopped_at`` and ``use_restricted_at`` hold while a request of the participant's by law is granted, and
    can be lifted again; limits.py says what each of them stops.
    ``time_zone`` is where the person lived at first; ``moves`` are those after that, and ``pauses`` when the
    participation rested, both in the order of time (ISO 8601 instants in UTC).
    """

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "subject_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    account_pseudonym: Mapped[str] = mapped_column(ForeignKey("account.pseudonym"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    arm_id: Mapped[int | None] = mapped_column(ForeignKey("arm.id"))
    protocol_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_version.id"))
    subject_code: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moves: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    pauses: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    use_withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    use_restricted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_look_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @property
    def asked_until(self) -> datetime | None:
        """Since when nothing is asked any more by a withdrawal, from follow-up or from use."""
        acts = (self.withdrawn_at, self.use_withdrawn_at)
        return min((at for at in acts if at is not None), default=None)


class ParticipantEvent(StudyBase):
    """A dated fact that visits hang on; a correction is a new row, and the last one recorded counts.

    ``number`` tells the cycles of a repeatable event apart. Without a day the event did not take place after all.
    """

    __tablename__ = "participant_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(80))


class ParticipantFact(StudyBase):
    """What a study knows about a participant and questionnaires use, such as sex or whether there is a stoma.

    ``value`` is a word or a number, nothing where it is not known after all. ``on`` is the day from which it is true;
    empty: it always was. Of one day the last one recorded counts. Nothing that tells who somebody is belongs here.
    """

    __tablename__ = "participant_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | str | None] = mapped_column(JSON, nullable=False)  # not known is JSON’s null
    on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(80))


_WAITING = text("submitted_at IS NULL AND excused_at IS NULL")
_EXCUSED = text("excused_at IS NOT NULL")


class OccasionRecord(StudyBase):
    """What happened on one visit of one participant at one iteration: facts with their instants, never a state.

    ``protocol_version_id`` is the version under which it was made available: an amendment leaves it as it was.
    ``answered_at`` is when a form that came in on paper had been filled in. ``decisive_scores`` are those that
    conditions of later visits ask for, by ``instrument/scale``, as they were when it was sent.
    ``due_at``, ``closes_at`` and ``applies`` are hints for counting many at once: copies of what the timeline computes,
    renewed whenever a participant is looked at. Nothing is decided by them.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        UniqueConstraint("participant_id", "visit_key", "iteration"),
        Index("ix_occasion_waiting", "closes_at", "participant_id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_occasion_excused", "participant_id", postgresql_where=_EXCUSED, sqlite_where=_EXCUSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    visit_key: Mapped[str] = mapped_column(String(40))
    iteration: Mapped[int] = mapped_column(default=1)
    protocol_version_id: Mapped[int | None] = mapped_column(ForeignKey("protocol_version.id"))
    made_available_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excused_reason: Mapped[str | None] = mapped_column(String(40))
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decisive_scores: Mapped[Mapping[str, float | None]] = mapped_column(JSON, default=dict, server_default="{}")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applies: Mapped[bool] = mapped_column(default=True, server_default=true())


class VisitTally(StudyBase):
    """How many visits of a large study were in which state when they were last counted; see tallies.py."""

    __tablename__ = "visit_tally"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    visit_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    visits: Mapped[int]
    available: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessLink(StudyBase):
    """A link that opens one occasion without a password; only the hash of its token is kept."""

    __tablename__ = "access_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PendingEnrolment(StudyBase):
    """What a site said of a new participant before it went to the vault's page; used once, by who began it.

    ``consent_number``: which version of the study's note the signed paper carries.
    """

    __tablename__ = "pending_enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    arm_id: Mapped[int | None] = mapped_column(ForeignKey("arm.id"))
    subject_code: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64))
    first_on: Mapped[date | None] = mapped_column(Date)
    consent_number: Mapped[int | None]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PendingBatch(StudyBase):
    """What a site said of several new participants before it went to the vault's page; used once, by who began it."""

    __tablename__ = "pending_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    arm_id: Mapped[int | None] = mapped_column(ForeignKey("arm.id"))
    codes: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64))
    consent_number: Mapped[int | None]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AmendedParticipant(StudyBase):
    """A participant whom an amendment moved to another version of the protocol, and from which: what a revert needs.

    One who was ``held`` stayed where they were, because two visits with one questionnaire would be open together.
    """

    __tablename__ = "amended_participant"
    __table_args__ = (UniqueConstraint("amendment_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_version.id"))
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    moved_occasions: Mapped[list[int]] = mapped_column(JSON)  # those open ones that follow the new version
