"""What happens in the demonstration, each thing through the service that does it in earnest, at its own instant."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import accounts
from app.audit import trail
from app.demo import consents, trajectory
from app.demo.cast import Character, Part
from app.demo.design import CODE, INSTRUMENT, SITES, TIME_ZONE
from app.demo.founding import Founded
from app.demo.plans import Answering
from app.demo_accounts import DEMO_PATIENT_PASSWORD
from app.identity import people
from app.participants import enrol
from app.participants.enrol import Enrolment
from app.participants.models import OccasionRecord, Participant
from app.questionnaires import routing
from app.questionnaires.library import Library
from app.responses import collect, sheets, visits
from app.responses.collect import Given
from app.responses.sheets import OpenSheet
from app.studies.models import Arm, ProtocolVersion, Site

A_PAGE = timedelta(seconds=55)


def enter(study: Session, vault: Session, founded: Founded, who: Character) -> int:
    """A site enrols somebody: an identity in the vault, two pseudonyms, a participant, a date. The participant's id."""
    password = DEMO_PATIENT_PASSWORD if who.part is Part.ALICE else secrets.token_urlsafe(24)
    at = who.enrolled_at
    person = people.register(vault, who.email, who.given_name, who.family_name, who.language, password, at)
    account = people.pseudonym_of(vault, person, people.ACCOUNT)
    pseudonym = people.pseudonym_of(vault, person, people.study_domain(CODE))
    accounts.ensure(study, account, at)
    code = f"{SITES[who.site][0]}-{who.number + 1:03}"
    participant = enrol.enrol(
        study,
        study.get_one(Site, founded.sites[who.site]),
        study.get_one(Arm, founded.arms[who.arm]),
        study.get_one(ProtocolVersion, founded.protocol_version),
        Enrolment(pseudonym, account, code, who.language, TIME_ZONE),
        at,
    )
    by = f"staff:{founded.staff}"
    enrol.record_event(study, participant, "inclusion", who.inclusion, at, by)
    consents.enter(study, participant, by, at)
    trail.record(study, at, by, "participant.enrolled", f"participant:{pseudonym}", {"site": SITES[who.site][0]})
    return participant.id


def leave(study: Session, participant_id: int, founded: Founded, at: datetime) -> None:
    """Somebody no longer wishes to take part."""
    participant = study.get_one(Participant, participant_id)
    enrol.withdraw(participant, at)
    trail.record(study, at, f"staff:{founded.staff}", "participant.withdrawn", f"participant:{participant.pseudonym}")


def answer(
    study: Session, library: Library, participant_id: int, who: Character, planned: Answering, seed: int
) -> None:
    """A visit is opened and filled page by page; unless it is left half-way, it is sent."""
    participant = study.get_one(Participant, participant_id)
    record = study.scalars(
        select(OccasionRecord).where(
            OccasionRecord.participant_id == participant_id, OccasionRecord.visit_key == planned.visit
        )
    ).one()
    sheet = sheets.open_all(study, record, (INSTRUMENT,), who.language, planned.at)[0]
    opened = sheets.find_owned(study, sheet.key, participant.account_pseudonym)
    if opened is None:
        raise LookupError("the sheet that was just opened")
    at = _fill(study, library, opened, who, planned, seed)
    if not planned.stops_half_way:
        _send(study, library, opened, who, at)


def _fill(
    study: Session, library: Library, opened: OpenSheet, who: Character, planned: Answering, seed: int
) -> datetime:
    """Save page after page; the instant after the last one."""
    instrument = library.instrument(INSTRUMENT)
    answers = trajectory.answers(instrument, who, planned.visit, seed)
    screens = routing.screens(instrument, "page")
    at = planned.at
    for screen in screens[: len(screens) // 2] if planned.stops_half_way else screens:
        at += A_PAGE
        given = [Given(item, answers[item], 0) for item in screen.items]
        collect.save(study, opened, given, secrets.token_urlsafe(12), at, who.language)
    return at + A_PAGE / 2


def _send(study: Session, library: Library, opened: OpenSheet, who: Character, at: datetime) -> None:
    collect.submit(
        study,
        opened,
        library.instrument(INSTRUMENT),
        library.instrument_hash(INSTRUMENT),
        library.wording(INSTRUMENT, who.language),
        secrets.token_urlsafe(12),
        at,
    )
    visits.close_if_complete(study, opened, at)
    trail.record(
        study,
        at,
        f"account:{opened.participant.account_pseudonym}",
        "visit.submitted",
        f"participant:{opened.participant.pseudonym}",
        {"visit": opened.record.visit_key, "instrument": INSTRUMENT},
    )
