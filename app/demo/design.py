"""The demonstration's study as its team designed it. Every name in it is made up."""

from collections.abc import Mapping
from typing import Any

CODE = "HORIZON"
TIME_ZONE = "Europe/Paris"
LANGUAGES = ("fr", "en")
INSTRUMENT = "weshare-core@1.0"

TITLES = {"fr": "HORIZON, la vie au fil des mois", "en": "HORIZON, life month by month"}
CONTACTS = {
    "fr": "L’équipe HORIZON, Institut Aurore (fictif) : horizon@example.org, 01 99 00 12 34, du lundi au vendredi.",
    "en": "The HORIZON team, Aurore Institute (fictitious): horizon@example.org, 01 99 00 12 34, Monday to Friday.",
}
SITES = (
    ("01", "Centre de Port-Clair"),
    ("02", "Centre de Montvallon"),
    ("03", "Centre de Rive-Haute"),
)
ARMS = (
    ("A", {"fr": "Suivi habituel", "en": "Usual follow-up"}),
    ("B", {"fr": "Suivi accompagné", "en": "Follow-up with coaching"}),
)
INVESTIGATOR = "Dr Bob Berger"
DATA_MANAGER = "Dana Delmas"

MONTHS: Mapping[str, int] = {"M0": 0, "M3": 3, "M6": 6, "M12": 12, "M18": 18, "M24": 24}
"""The visits, and how many months after inclusion each of them is."""


def protocol() -> dict[str, Any]:
    """Inclusion before treatment, then a questionnaire at once and after 3, 6, 12, 18 and 24 months."""
    return {
        "version": 1,
        "events": {"inclusion": {"title": {"fr": "Entrée dans l’étude", "en": "Start in the study"}}},
        "visits": [_visit(key, months) for key, months in MONTHS.items()],
    }


def _visit(key: str, months: int) -> dict[str, Any]:
    first = months == 0
    title = {"fr": "Au début", "en": "At the start"}
    later = {"fr": f"À {months} mois", "en": f"At {months} months"}
    window = {"due": "P7D", "closes": "P14D"} if first else {"due": "P14D", "closes": "P35D"}
    return {
        "key": key,
        "title": title if first else later,
        "event": "inclusion",
        "offset": f"P{months}M",
        "opens": "-P7D",
        "notify": "P0D",
        **window,
        "notify_hour": 9,
        "instruments": [INSTRUMENT],
        "reminders": _ladder(("P0D", "P5D", "P12D") if first else ("P0D", "P7D", "P14D", "P28D")),
    }


def _ladder(days: tuple[str, ...]) -> list[dict[str, str]]:
    """An invitation, reminders, and a last call."""
    names = [("invitation", "invitation")]
    names += [(f"reminder-{number}", "reminder") for number in range(1, len(days) - 1)]
    names.append(("last-call", "last-call"))
    return [{"step": step, "kind": kind, "after": after} for (step, kind), after in zip(names, days, strict=True)]
