"""The people of the demonstration: made up from a seed, the same ones every time. Nobody's name is anybody's."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

import numpy as np

from app.demo.design import ARMS, MONTHS, SITES, TIME_ZONE
from app.demo_accounts import DEMO_PATIENT_EMAIL
from app.scheduling.period import Period, add

PEOPLE = 60
ZONE = ZoneInfo(TIME_ZONE)
DUE_DAYS = 14  # of every visit but the first
ENGLISH_EVERY = 9  # one participant in nine reads English

GIVEN = [
    "Camille",
    "Louise",
    "Jeanne",
    "Odile",
    "Agathe",
    "Colette",
    "Mireille",
    "Solange",
    "Irène",
    "Delphine",
    "Sabine",
    "Nadia",
    "Yasmina",
    "Fatou",
    "Leïla",
    "Marthe",
    "Simone",
    "Brigitte",
    "Corinne",
    "Élodie",
    "Hugo",
    "Marcel",
    "René",
    "Lucien",
    "Bernard",
    "Gérard",
    "Karim",
    "Youssef",
    "Ousmane",
    "Thierry",
    "Didier",
    "Fabrice",
    "Olivier",
    "Gaston",
    "Émile",
    "Aristide",
    "Baptiste",
    "Clément",
    "Félix",
    "Raoul",
]
FAMILY = [
    "Abelin",
    "Barrois",
    "Castelnau",
    "Delorme",
    "Estève",
    "Fauconnier",
    "Garnaud",
    "Hautefort",
    "Isambert",
    "Jolivard",
    "Kerbrat",
    "Lamballe",
    "Maurin",
    "Nivelle",
    "Orsini",
    "Pellerin",
    "Quesnel",
    "Rochemont",
    "Sauvageot",
    "Tournier",
    "Urbain",
    "Valmorin",
    "Warlop",
    "Ximénès",
    "Yvernault",
    "Zeller",
    "Aubrac",
    "Belcour",
    "Chantelou",
    "Dumesnil",
]


class Part(Enum):
    """What the story needs somebody for."""

    ALICE = "due today, has answered before, has unread news"
    LATE = "has not answered what was due last week"
    MIDWAY = "has begun a questionnaire that is open now, and stopped"
    NEW = "entered the study a few days ago"
    LEAVES = "leaves the study on the way"
    ORDINARY = "answers most of what is asked"


@dataclass(frozen=True, slots=True)
class Character:
    """One participant: who, where, since when, and how things go.

    ``frailty`` is 0 for the average and 1 for one standard deviation worse. ``moods`` is how much good and bad days
    tell, ``reliability`` the share of visits that get an answer.
    """

    number: int
    part: Part
    given_name: str
    family_name: str
    email: str
    language: str
    site: int
    arm: int
    inclusion: date
    enrolled_at: datetime
    frailty: float
    moods: float
    reliability: float


def cast(at: datetime, seed: int) -> tuple[Character, ...]:
    """Sixty people, by the day of their inclusion, so that something is due today whenever today is."""
    random = np.random.default_rng(seed)
    today = at.astimezone(ZONE).date()
    inclusions = sorted([(day, part) for part, day in _days(today, random)], key=lambda pair: (pair[0], pair[1].name))
    return tuple(_character(number, day, part, at, random) for number, (day, part) in enumerate(inclusions))


def _days(today: date, random: np.random.Generator) -> list[tuple[Part, date]]:
    """Who entered when: most in the first year, so that there is a course to see."""
    fixed = [
        (Part.ALICE, visit_on("M18", today - timedelta(days=DUE_DAYS))),
        (Part.LATE, visit_on("M12", today - timedelta(days=DUE_DAYS + 6))),
        (Part.MIDWAY, visit_on("M6", today - timedelta(days=6))),
        (Part.MIDWAY, visit_on("M18", today - timedelta(days=5))),
        (Part.NEW, today - timedelta(days=4)),
        (Part.NEW, today - timedelta(days=9)),
    ]
    leaving = [(Part.LEAVES, today - timedelta(days=int(days))) for days in (700, 610, 480, 330)]
    first, second = random.integers(700, 790, size=28), random.integers(400, 700, size=14)
    late = random.integers(20, 400, size=PEOPLE - len(first) - len(second) - len(fixed) - len(leaving))
    return fixed + leaving + [(Part.ORDINARY, today - timedelta(days=int(days))) for days in (*first, *second, *late)]


def visit_on(visit: str, day: date) -> date:
    """The inclusion that puts a visit on that day, or up to three days later where a month is too short for it."""
    inclusion = add(day, Period(months=-MONTHS[visit]))
    while add(inclusion, Period(months=MONTHS[visit])) < day:
        inclusion += timedelta(days=1)
    return inclusion


def _character(number: int, day: date, part: Part, at: datetime, random: np.random.Generator) -> Character:
    is_alice = part is Part.ALICE
    given, family = ("Alice", "Aubert") if is_alice else (GIVEN[number % len(GIVEN)], FAMILY[number * 7 % len(FAMILY)])
    enrolled = datetime.combine(day, time(9, 30), ZONE) + timedelta(minutes=int(random.integers(0, 7 * 60)))
    frailty, reliability = random.normal(), random.uniform(0.86, 0.99)
    return Character(
        number=number,
        part=part,
        given_name=given,
        family_name=family,
        email=DEMO_PATIENT_EMAIL if is_alice else f"participant{number:02}@example.org",
        language="en" if number % ENGLISH_EVERY == 5 and not is_alice else "fr",
        site=int(random.choice(len(SITES), p=(0.45, 0.33, 0.22))),
        arm=number % len(ARMS),
        inclusion=day,
        enrolled_at=min(enrolled, at - timedelta(hours=20)),
        # Alice's course shall be one that a chart can tell: hard, then better.
        frailty=0.35 if is_alice else float(np.clip(frailty, -1.8, 1.8)),
        moods=0.2 if is_alice else 1.0,
        reliability=1.0 if is_alice else reliability,
    )
