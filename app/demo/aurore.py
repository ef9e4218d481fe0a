"""The demonstration's second study, which is still being designed: a draft with one thing left to mend."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.audit import trail
from app.demo.design import INSTRUMENT
from app.studies import drafts, roles, studies
from app.studies.studies import Settings

CODE = "AURORE"
SETTINGS = Settings(
    titles={"fr": "AURORE, vivre après la chirurgie", "en": "AURORE, life after surgery"},
    contacts={
        "fr": "L’équipe AURORE, Institut Aurore (fictif) : aurore@example.org.",
        "en": "The AURORE team, Aurore Institute (fictitious): aurore@example.org.",
    },
    languages=("fr", "en"),
    sponsor="Institut Aurore (fictif)",
)
EVENTS: dict[str, Any] = {
    "inclusion": {"title": {"fr": "Entrée dans l’étude", "en": "Start in the study"}, "kind": "inclusion"},
    "surgery": {"title": {"fr": "Opération", "en": "Surgery"}, "kind": "surgery"},
    "death": {"title": {"fr": "Décès", "en": "Death"}, "kind": "death"},
}
ARMS: dict[str, Any] = {
    "A": {"title": {"fr": "Suivi à l’hôpital", "en": "Follow-up in hospital"}},
    "B": {"title": {"fr": "Suivi à la maison", "en": "Follow-up at home"}},
}
LADDER = [
    {"step": "invitation", "kind": "invitation", "after": "P0D"},
    {"step": "reminder-1", "kind": "reminder", "after": "P4D"},
    {"step": "last-call", "kind": "last-call", "after": "P8D"},
]


def document() -> drafts.Document:
    """Before and after surgery, evenings at home for one group, then every three months; the last window overlaps."""
    window = {"opens": "P0D", "notify": "P0D", "due": "P7D", "closes": "P10D"}
    asked = {**window, "instruments": [INSTRUMENT], "reminders": LADDER}
    evening = {"opens": "P0D", "notify": "P0D", "due": "P0D", "closes": "P0D", "opens_hour": 17, "notify_hour": 18}
    return {
        "arms": ARMS,
        "events": EVENTS,
        "visits": [
            {"key": "START", "title": _title("Avant l’opération", "Before surgery"), "event": "inclusion"}
            | {"offset": "P0D", **asked},
            {"key": "EVENINGS", "title": _title("Sept soirs à la maison", "Seven evenings at home"), "event": "surgery"}
            | {"offset": "P20D", **evening, "burst": {"times": 7, "every": "P1D"}, "only_if": {"arms": ["B"]}}
            | {"instruments": [INSTRUMENT], "reminders": LADDER[:1], "expiry": {"started_hours": 6}},
            {"key": "LATER", "title": _title("Tous les trois mois", "Every three months"), "event": "surgery"}
            | {"offset": "P3M", **asked, "repeats": {"every": "P3M", "times": 8}}
            | {"sending": {"quiet_from": 20, "quiet_until": 8, "weekends": False}},
            {"key": "END", "title": _title("À la fin", "At the end"), "event": "surgery"} | {"offset": "P2Y", **asked},
        ],
    }


def found(session: Session, staff_id: int, at: datetime) -> None:
    """Begin the design: two sites, an investigator, a draft."""
    study = studies.create(session, CODE, SETTINGS.titles, SETTINGS.contacts, SETTINGS.languages, at)
    studies.change(session, study, SETTINGS)
    for code, name in (("01", "Centre de Port-Clair"), ("02", "Centre de Montvallon")):
        studies.add_site(session, study, code, name)
    studies.appoint(session, staff_id, study, roles.INVESTIGATOR)
    drafts.save(session, study.id, document(), 0, staff_id, at)
    trail.record(session, at, f"staff:{staff_id}", "study.created", f"study:{CODE}", {"study": CODE})


def _title(french: str, english: str) -> dict[str, str]:
    return {"fr": french, "en": english}
