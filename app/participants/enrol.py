"""A person enters a study: a participant under a pseudonym, and the dated events that visits hang on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.participants.models import Participant, ParticipantEvent
from app.studies.models import Arm, ProtocolVersion, Site


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a site knows when it enrols: two pseudonyms from the vault, and no identity."""

    pseudonym: str
    account_pseudonym: str
    subject_code: str
    language: str
    time_zone: str


def enrol(
    session: Session, site: Site, arm: Arm | None, protocol: ProtocolVersion, who: Enrolment, at: datetime
) -> Participant:
    """A new participant of the site's study; the next look is now, so that the first notice is not forgotten."""
    participant = Participant(
        pseudonym=who.pseudonym,
        account_pseudonym=who.account_pseudonym,
        study_id=site.study_id,
        site_id=site.id,
        arm_id=arm.id if arm else None,
        protocol_version_id=protocol.id,
        subject_code=who.subject_code,
        language=who.language,
        time_zone=who.time_zone,
        enrolled_at=at,
        next_look_at=at,
    )
    session.add(participant)
    session.flush()
    return participant


def record_event(session: Session, participant: Participant, key: str, on: date, at: datetime, by: str) -> None:
    """Date an event, or correct its date: the last one recorded counts. The schedule is looked at again at once."""
    session.add(ParticipantEvent(participant_id=participant.id, key=key, on=on, recorded_at=at, recorded_by=by))
    participant.next_look_at = at
    session.flush()


def withdraw(participant: Participant, at: datetime) -> None:
    """Stop the follow-up: nothing is asked or sent any more; what was answered is kept."""
    if participant.withdrawn_at is None:
        participant.withdrawn_at = at
        participant.next_look_at = None
