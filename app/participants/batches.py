"""Several participants enrolled from one list: the codes that a site means to use, and what became of each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants import enrol
from app.participants.enrol import Enrolment
from app.participants.models import Participant, PendingBatch
from app.studies.models import Arm, ProtocolVersion, Site

LIFETIME: Final = timedelta(days=1)
"""The vault's page is open for two hours; what it states can be brought back later, or brought once more."""
MOST: Final = 200
ENROLLED, ALREADY, CODE_TAKEN, TAKES_PART, NOT_AGREED = "enrolled", "already", "code-taken", "takes-part", "not-agreed"
"""What can become of a line: enrolled, enrolled before by the same list, or refused for one of three reasons."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The codes that a site means to use, and what it knows of everybody on the list."""

    codes: tuple[str, ...]
    language: str
    time_zone: str
    consent_number: int | None = None


def taken(session: Session, study_id: int, codes: Sequence[str]) -> frozenset[str]:
    """Those of the codes that somebody in the study has already."""
    held = select(Participant.subject_code).where(
        Participant.study_id == study_id, Participant.subject_code.in_(list(codes))
    )
    return frozenset(session.scalars(held))


def begin(
    session: Session,
    key: str,
    staff_id: int,
    site: Site,
    arm: Arm | None,
    wanted: Wanted,
    at: datetime,
) -> PendingBatch:
    """Keep what the site said until the vault has entered the people. Refusal("subject-already-taken")."""
    if taken(session, site.study_id, wanted.codes):
        raise Refusal("subject-already-taken")
    pending = PendingBatch(
        key=key,
        staff_id=staff_id,
        site_id=site.id,
        arm_id=arm.id if arm else None,
        codes=list(wanted.codes),
        language=wanted.language,
        time_zone=wanted.time_zone,
        consent_number=wanted.consent_number,
        begun_at=at,
        expires_at=at + LIFETIME,
    )
    session.add(pending)
    session.flush()
    return pending


def find(session: Session, key: str, staff_id: int, at: datetime) -> PendingBatch:
    """What was kept; Refusal("batch-expired") if it is somebody else's or too old, or was redeemed before."""
    pending = session.scalar(select(PendingBatch).where(PendingBatch.key == key, PendingBatch.staff_id == staff_id))
    if pending is None or at >= pending.expires_at or pending.used_at is not None:
        raise Refusal("batch-expired")
    return pending


def use_up(session: Session, pending: PendingBatch, at: datetime) -> None:
    """From now on it enrols nobody; Refusal("batch-expired") if somebody was faster."""
    claim = update(PendingBatch).where(PendingBatch.id == pending.id, PendingBatch.used_at.is_(None))
    if session.execute(claim.values(used_at=at).returning(PendingBatch.id)).one_or_none() is None:
        raise Refusal("batch-expired")


def enrol_one(
    session: Session,
    pending: PendingBatch,
    site: Site,
    arm: Arm | None,
    protocol: ProtocolVersion,
    who: Enrolment,
    at: datetime,
) -> str:
    """Enrol one of the list; what became of it. The account must exist. Nothing that is refused stops the others."""
    if who.subject_code not in pending.codes:
        return NOT_AGREED
    by_code = select(Participant.pseudonym).where(
        Participant.study_id == site.study_id, Participant.subject_code == who.subject_code
    )
    holder = session.scalar(by_code)
    if holder is not None:
        return ALREADY if holder == who.pseudonym else CODE_TAKEN
    try:
        enrol.enrol(session, site, arm, protocol, who, at)
    except Refusal:
        return TAKES_PART
    return ENROLLED
