"""A second study that is still being designed, and what it waits for. Its agreement with an owner is made up."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.audit import trail
from app.demo import design
from app.demo.founding import Founded
from app.licences import register
from app.licences.terms import Terms
from app.questionnaires.library import Library
from app.studies import protocols, studies

CODE = "LENDEMAIN"
TITLES = {"fr": "LENDEMAIN, la vie après les traitements", "en": "LENDEMAIN, life after treatment"}
LICENSED = "eortc-qlq-c30@3.0"
DESIGNED_SINCE = timedelta(days=40)
LICENCE_DAYS_LEFT = 12
TERMS = "Made up for this demonstration: free of charge for one academic study, results to be reported to the owner."


def plan(session: Session, library: Library, founded: Founded, at: datetime, today: datetime) -> int:
    """The study with its protocol, and the licence: for one of its two languages, and about to end on ``today``.

    The study's id.
    """
    study = studies.create(session, CODE, TITLES, design.CONTACTS, design.LANGUAGES, at)
    studies.appoint(session, founded.staff, study, "investigator")
    studies.add_site(session, study, *design.SITES[0])
    protocols.publish(session, study.id, protocol(), at)
    ends = today.date() + timedelta(days=LICENCE_DAYS_LEFT)
    terms = Terms(
        owner=library.instrument(LICENSED).owner,
        number="DEMO-014",
        terms=TERMS,
        study_ids=frozenset({study.id}),
        languages=frozenset({"fr"}),
        electronic=True,
        valid_from=at.date(),
        expires_on=ends,
    )
    licence = register.add(session, LICENSED, terms, founded.manager, at)
    actor = f"staff:{founded.manager}"
    trail.record(session, at, actor, "licence.added", f"licence:{licence.key}", {"instrument": LICENSED})
    return study.id


def protocol() -> dict[str, Any]:
    """At the end of treatment and half a year later, with two questionnaires each time."""
    end = {"title": {"fr": "Fin des traitements", "en": "End of treatment"}}
    return {"version": 1, "events": {"end": end}, "visits": [_visit("E0", 0), _visit("E6", 6)]}


def _visit(key: str, months: int) -> dict[str, Any]:
    title = (
        {"fr": f"{months} mois après", "en": f"{months} months after"}
        if months
        else {"fr": "À la fin", "en": "At the end"}
    )
    return {
        "key": key,
        "title": title,
        "event": "end",
        "offset": f"P{months}M",
        "opens": "-P7D",
        "notify": "P0D",
        "due": "P14D",
        "closes": "P28D",
        "notify_hour": 9,
        "instruments": [design.INSTRUMENT, LICENSED],
        "reminders": [{"step": "invitation", "kind": "invitation", "after": "P0D"}],
    }
