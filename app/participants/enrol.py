"""A person enters a study: a participant under a pseudonym, and the dated events that visits hang on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.participants.models import Participant, ParticipantEvent
from app.scheduling.participation import Withdrawal
from app.studies.models import Arm, ProtocolVersion, Site

WITHDRAWALS = {
    Withdrawal.FROM_FOLLOW_UP: "withdrawn_at",
    Withdrawal.FROM_CONTACT: "contact_withdrawn_at",
    Withdrawal.FROM_USE: "use_withdrawn_at",
}
"""Each of the three acts and the column of its instant."""


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
    """A new participant of the site's study; the next look is now, so that the first notice is not forgotten.

    Refusal("subject-already-taken") for a subject code or a pseudonym that is in use.
    """
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
        moves=[],
        pauses=[],
        enrolled_at=at,
        next_look_at=at,
    )
    if not once.insert(session, participant):
        raise Refusal("subject-already-taken")
    return participant


def record_event(
    session: Session, participant: Participant, key: str, on: date | None, at: datetime, by: str, number: int = 1
) -> None:
    """Date an event, or correct its date: the last one recorded counts. The schedule is looked at again at once.

    Without a day the event did not take place after all. ``number`` tells the cycles of a repeatable event apart;
    recording one of them a second time corrects it.
    """
    session.add(
        ParticipantEvent(participant_id=participant.id, key=key, number=number, on=on, recorded_at=at, recorded_by=by)
    )
    participant.next_look_at = at
    session.flush()


def assign(participant: Participant, arm: Arm | None, at: datetime) -> None:
    """The participant belongs to that treatment group from now on, or to none; the schedule is looked at again."""
    participant.arm_id = arm.id if arm else None
    participant.next_look_at = at


def move(participant: Participant, zone: str, since: datetime, at: datetime) -> None:
    """The participant lives by other clocks from ``since`` on; what lay before stays where it was.

    Refusal ``move-out-of-order`` for one that is not later than the last one; KeyError for a zone there is none of.
    """
    ZoneInfo(zone)
    moment = since.astimezone(UTC)
    if participant.moves and moment <= datetime.fromisoformat(participant.moves[-1]["since"]):
        raise Refusal("move-out-of-order")
    participant.moves = [*participant.moves, {"zone": zone, "since": moment.isoformat()}]
    participant.next_look_at = at


def pause(participant: Participant, at: datetime) -> None:
    """Nothing is asked or sent from now on, until the participation goes on; once is enough."""
    if not _rests(participant):
        participant.pauses = [*participant.pauses, {"since": at.astimezone(UTC).isoformat()}]
        participant.next_look_at = at


def go_on(participant: Participant, at: datetime) -> None:
    """The participation goes on after a pause; without one nothing happens."""
    if _rests(participant):
        *before, last = participant.pauses
        participant.pauses = [*before, {**last, "until": at.astimezone(UTC).isoformat()}]
        participant.next_look_at = at


def withdraw(participant: Participant, at: datetime, what: Withdrawal = Withdrawal.FROM_FOLLOW_UP) -> None:
    """One of three acts, of which each stops what ``STOPS`` says; what was answered is kept. The first time counts."""
    column = WITHDRAWALS[what]
    if getattr(participant, column) is None:
        setattr(participant, column, at)
        # Whoever is still asked has visits to be made available.
        participant.next_look_at = None if participant.asked_until is not None else at


def _rests(participant: Participant) -> bool:
    return bool(participant.pauses) and "until" not in participant.pauses[-1]
