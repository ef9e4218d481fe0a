"""How somebody fares over two years, and what they therefore answer: a small model, from a seed.

Every question has a hidden burden: the usual course of its scale after treatment, lightened by coaching, heavier for
the frail, with a part of the person's own, a part of the day's and a part of the question's. The answer is where that
burden falls between three thresholds. So questions of one scale agree without being equal, and so do visits of one
person.
"""

from collections.abc import Mapping

import numpy as np

from app.demo.cast import Character
from app.demo.design import MONTHS
from app.questionnaires.answers import DECLINED, AnswerValue
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.reach import items_below
from app.questionnaires.response_scales import Coded

# Standard deviations from an ordinary week, at each month of design.MONTHS: a dip at 3 months, then slowly better.
COURSE: Mapping[str, tuple[float, ...]] = {
    "QL": (0.1, 0.9, 0.5, 0.1, -0.1, -0.2),
    "PF": (-0.5, 0.5, 0.3, -0.1, -0.3, -0.4),
    "RF": (-0.2, 1.0, 0.6, 0.1, -0.1, -0.2),
    "EF": (0.6, 0.4, 0.2, 0.1, 0.0, -0.1),
    "CF": (-0.3, 0.4, 0.4, 0.2, 0.0, -0.1),
    "SF": (-0.2, 0.7, 0.4, 0.0, -0.2, -0.3),
    "FA": (0.1, 1.0, 0.8, 0.5, 0.3, 0.2),
    "PA": (-0.1, 0.6, 0.4, 0.2, 0.1, 0.0),
    "DI": (-0.7, 0.9, 0.1, -0.5, -0.6, -0.7),
    "SL": (0.4, 0.7, 0.5, 0.4, 0.3, 0.3),
    "BR": (-0.7, 0.1, 0.0, -0.3, -0.4, -0.5),
    "AP": (-0.4, 0.9, 0.1, -0.4, -0.6, -0.7),
    "NE": (-1.0, 0.1, 0.7, 0.4, 0.2, 0.1),
    "HF": (-0.6, 0.2, 0.5, 0.5, 0.3, 0.2),
    "FI": (-0.5, -0.1, 0.1, 0.1, 0.0, -0.1),
}
COACHED = 1
COACHING = {"QL": 0.35, "PF": 0.3, "RF": 0.35, "EF": 0.3, "SF": 0.25, "FA": 0.45, "SL": 0.2}
SETS_IN: tuple[float, ...] = (0.0, 0.3, 0.8, 1.0, 1.0, 0.9)  # how much of it, at each month

PERSON, OWN, DAY, QUESTION = 0.75, 0.4, 0.35, 0.5  # how far each part spreads, in standard deviations
THRESHOLDS = (0.0, 0.95, 1.9)
LEFT_OUT = 0.008
LEFT_OUT_MORE = {"q25": 0.07, "q24": 0.02}


def answers(instrument: Instrument, who: Character, visit: str, seed: int) -> dict[ItemId, AnswerValue]:
    """What this person answers at this visit; every item has an answer or is left out on purpose."""
    own = np.random.default_rng((seed, who.number)).normal(size=len(COURSE))
    random = np.random.default_rng((seed, who.number, MONTHS[visit] + 1))
    day = random.normal()
    given: dict[ItemId, AnswerValue] = {}
    for (key, course), person in zip(COURSE.items(), own, strict=True):
        burden = (
            course[_index(visit)] - _help(key, who, visit) + PERSON * who.frailty + OWN * person + DAY * who.moods * day
        )
        for item, scale in _items(instrument, key):
            is_left_out = random.random() < LEFT_OUT_MORE.get(item, LEFT_OUT)
            felt = burden + QUESTION * random.normal()
            given[item] = DECLINED if is_left_out else _answer(felt, scale)
    return given


def _items(instrument: Instrument, key: str) -> list[tuple[ItemId, tuple[int, ...]]]:
    """The items of a scale with the values they can take, from the lightest week to the heaviest."""
    found = []
    for item in items_below(instrument, ScaleId(key)):
        response = instrument.response_of(item)
        values = tuple(sorted(response.scored)) if isinstance(response, Coded) else ()
        # In the questionnaire's definition: with four answers 1 is the easiest week, with seven 7 is the best.
        found.append((item, values if len(values) == len(THRESHOLDS) + 1 else values[::-1]))
    return found


def _answer(felt: float, values: tuple[int, ...]) -> int:
    if len(values) == len(THRESHOLDS) + 1:
        return values[int(np.searchsorted(THRESHOLDS, felt))]
    middle = (len(values) - 1) / 2
    return values[int(np.clip(round(middle - 0.7 + 1.2 * felt), 0, len(values) - 1))]


def _help(key: str, who: Character, visit: str) -> float:
    return COACHING.get(key, 0.0) * SETS_IN[_index(visit)] if who.arm == COACHED else 0.0


def _index(visit: str) -> int:
    return list(MONTHS).index(visit)
