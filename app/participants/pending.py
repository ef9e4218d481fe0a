"""Enrolments that have gone to the vault's page and are not back yet; each comes back once, to whoever began it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants.models import Participant, PendingEnrolment
from app.studies.models import Arm, Site

# The vault's page is open for half an hour; the way back may lead through a sign-in.
LIFETIME = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Known:
    """What a site knows of a new participant without any identity."""

    subject_code: str
    language: str
    time_zone: str
    first_on: date | None
    consent_number: int | None = None


def begin(
    session: Session, key: str, staff_id: int, site: Site, arm: Arm | None, known: Known, at: datetime
) -> PendingEnrolment:
    """Keep what the site said until the vault has entered the person; Refusal("subject-already-taken")."""
    taken = select(Participant.id).where(
        Participant.study_id == site.study_id, Participant.subject_code == known.subject_code
    )
    if session.scalar(taken) is not None:
        raise Refusal("subject-already-taken")
    pending = PendingEnrolment(
        key=key,
        staff_id=staff_id,
        site_id=site.id,
        arm_id=arm.id if arm else None,
        subject_code=known.subject_code,
        language=known.language,
        time_zone=known.time_zone,
        first_on=known.first_on,
        consent_number=known.consent_number,
        begun_at=at,
        expires_at=at + LIFETIME,
    )
    session.add(pending)
    session.flush()
    return pending


def take(session: Session, key: str, staff_id: int, at: datetime) -> PendingEnrolment:
    """What was kept, once; Refusal("enrolment-expired") if it is somebody else's, too old, or was taken before."""
    mine = select(PendingEnrolment).where(PendingEnrolment.key == key, PendingEnrolment.staff_id == staff_id)
    pending = session.scalar(mine)
    if pending is None or at >= pending.expires_at:
        raise Refusal("enrolment-expired")
    claim = update(PendingEnrolment).where(PendingEnrolment.id == pending.id, PendingEnrolment.used_at.is_(None))
    if session.execute(claim.values(used_at=at).returning(PendingEnrolment.id)).one_or_none() is None:
        raise Refusal("enrolment-expired")
    return pending
