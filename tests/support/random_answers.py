"""Answers of people who are made up, to any instrument: a seed gives the same ones again."""

from collections.abc import Mapping
from random import Random
from typing import Any

from app.questionnaires import rules
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId
from app.questionnaires.response_scales import Coded, Day, Multiple, Quantity, Ranking

Facts = dict[FactId, float | str]
NO_SCORES: Mapping[Any, float] = {}


def answers(instrument: Instrument, random: Random, gaps: float) -> dict[ItemId, Any]:
    """An answer of any kind to most items; ``gaps`` is the share that is left out."""
    return {item: _answer(instrument.response_of(item), random) for item in instrument.items if random.random() >= gaps}


def facts(instrument: Instrument, random: Random) -> Facts:
    """Facts about most of these people."""
    found: Facts = {}
    for name, one in instrument.facts.items():
        if random.random() < 0.7:
            whole = random.randint(int(one.minimum or 0), int(one.maximum or 0))
            found[name] = random.choice(one.values) if one.values else float(whole)
    return found


def _answer(response: Any, random: Random) -> Any:
    if isinstance(response, Coded):
        return random.choice(response.values)
    if isinstance(response, Quantity):
        value = random.uniform(response.minimum, response.maximum)
        return round(value, response.decimals) if response.decimals else int(value)
    if isinstance(response, Multiple):
        return tuple(sorted(random.sample(response.options, 1), key=response.options.index))
    if isinstance(response, Ranking):
        return tuple(random.sample(response.options, response.places or len(response.options)))
    return "2020-05-17" if isinstance(response, Day) else "words"


def walked(
    instrument: Instrument, given: Mapping[ItemId, Any], known: Facts, scores: Mapping[Any, float] = NO_SCORES
) -> tuple[set[ItemId], dict[ItemId, Any]]:
    """Which items are asked, and what is scored, for answers of every kind: the rules read once more, item by item."""
    on_path: set[ItemId] = set()
    scored: dict[ItemId, Any] = {}

    def value_of(kind: str, name: str) -> Any:
        if kind == "answer":
            return as_seen(instrument, given, on_path, ItemId(name))
        return known.get(FactId(name)) if kind == "fact" else scores.get(name)

    for page in instrument.pages:
        for item in page.items:
            one = instrument.items[item]
            conditions = [each for each in (page.ask_if, one.ask_if) if each is not None]
            truth = min((rules.truth(each, value_of) for each in conditions), default=rules.TRUE)
            if truth == rules.TRUE:
                on_path.add(item)
                if item in given:
                    scored[item] = given[item]
            elif truth == rules.FALSE and one.skipped is not None:
                scored[item] = one.skipped
    return on_path, scored


def as_seen(instrument: Instrument, given: Mapping[ItemId, Any], on_path: set[ItemId], item: ItemId) -> Any:
    """An answer as a condition sees it: on the path, and an answer."""
    answer, response = given.get(item), instrument.response_of(item)
    silent = response.not_answers if isinstance(response, Coded) else ()
    return answer if item in on_path and answer not in silent else None
