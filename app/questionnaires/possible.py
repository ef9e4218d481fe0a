"""Can a condition ever hold? Can enough items be asked together? Found by trying what people can answer.

A world is one set of answers, scores and facts. An answer to an item that routing does not ask is no answer in it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain, combinations, product
from math import prod
from typing import Any, TypeAlias

from app.questionnaires import reach
from app.questionnaires.conditions import And, Not, Or, Test, tests
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId, ScaleId
from app.questionnaires.response_scales import Coded, Multiple, Quantity
from app.questionnaires.rules import TRUE, Value, truth

MOST_TRIED = 20_000  # worlds that are tried before a condition is believed to be possible
MOST_NAMED = 6  # options of a multiple choice that conditions name before their combinations are believed
AnyCondition: TypeAlias = And | Or | Not | Test
Subject: TypeAlias = tuple[str, str]
World: TypeAlias = Callable[[str, str], Value]


def _listed(instrument: Instrument, test: Test) -> tuple[object, ...] | None:
    """Every value the subject of a comparison can have; None where there are too many to list."""
    if test.answer is not None:
        response = instrument.response_of(test.answer)
        if isinstance(response, Coded):
            return response.scored
        return response.options if isinstance(response, Multiple) else None
    return instrument.facts[test.fact].values if test.fact is not None else None


def is_never(instrument: Instrument, test: Test, constant: object) -> bool:
    """Is the constant of a comparison a value that its subject surely never has?"""
    response = instrument.response_of(test.answer) if test.answer is not None else None
    if isinstance(response, Quantity):
        return not isinstance(constant, int | float) or not response.minimum <= constant <= response.maximum
    values = _listed(instrument, test)
    return values is not None and constant not in values


def can_be_true(instrument: Instrument, condition: AnyCondition, on_the_way: bool = True) -> bool:
    """Is there a world in which it holds? True as well where there are too many to try.

    ``on_the_way``: looked at while somebody answers. A gate of a scale is not: it may see the answers of skipped items.
    """
    worlds = _worlds(instrument, [condition], on_the_way)
    if worlds is None:
        worlds = _worlds(instrument, [condition], are_routed=False)
    return worlds is None or any(truth(condition, world) == TRUE for world in worlds)


def most_together(instrument: Instrument, items: Collection[ItemId]) -> int:
    """How many of some items one person can answer at most, the answers of skipped items included.

    All of them where there are too many worlds to try.
    """
    asked_if = {item: _asked_if(instrument, item) for item in items}
    if not any(asked_if.values()):
        return len(items)
    worlds = _worlds(instrument, [one for group in asked_if.values() for one in group], are_routed=True)
    if worlds is None:
        return len(items)
    free = sum(1 for item, group in asked_if.items() if not group or instrument.items[item].skipped is not None)
    bound = [g for item, g in asked_if.items() if g and instrument.items[item].skipped is None]
    return free + max(sum(all(truth(one, world) == TRUE for one in group) for group in bound) for world in worlds)


def _worlds(instrument: Instrument, conditions: Iterable[AnyCondition], are_routed: bool) -> Iterator[World] | None:
    """Every world that differs for these conditions; None where there are too many."""
    found: dict[Subject, list[Test]] = {}
    waiting = list(conditions)
    followed: set[ItemId] = set()
    while waiting:
        for test in tests(waiting.pop()):
            found.setdefault(test.subject, []).append(test)
            if are_routed and test.answer is not None and test.answer not in followed:
                followed.add(test.answer)
                waiting += _asked_if(instrument, test.answer)
    values = {subject: _values(instrument, subject, looked) for subject, looked in found.items()}
    known = {subject: listed for subject, listed in values.items() if listed is not None}
    if len(known) < len(values) or prod(map(len, known.values())) > MOST_TRIED:
        return None
    combined = (dict(zip(known, chosen, strict=True)) for chosen in product(*known.values()))
    return (_routed(instrument, world) if are_routed else _plain(world) for world in combined)


def _plain(world: Mapping[Subject, Value]) -> World:
    return lambda kind, name: world.get((kind, name))


def _routed(instrument: Instrument, world: Mapping[Subject, Value]) -> World:
    """The same without the answers to items that are not asked in it."""
    asked: dict[str, bool] = {}

    def value_of(kind: str, name: str) -> Value:
        if kind == "answer" and name not in asked:
            asked[name] = True  # a condition that looks at itself is another mistake, and ends here
            asked[name] = all(truth(one, value_of) == TRUE for one in _asked_if(instrument, ItemId(name)))
        return world.get((kind, name)) if asked.get(name, True) or kind != "answer" else None

    return value_of


def _asked_if(instrument: Instrument, item: ItemId) -> list[AnyCondition]:
    pages = [page.ask_if for page in instrument.pages if item in page.items]
    return [one for one in (*pages, instrument.items[item].ask_if) if one is not None]


def _values(instrument: Instrument, subject: Subject, looked: list[Test]) -> tuple[Value, ...] | None:
    """What is worth trying for a subject, nothing included; None where that cannot be listed."""
    kind, name = subject
    if kind == "score":
        return (None, *_numbers(reach.ends(instrument)[ScaleId(name)], looked, 1e-6))
    if kind == "fact":
        fact = instrument.facts[FactId(name)]
        bounds = (fact.minimum, fact.maximum)
        if fact.values is not None:
            return (None, *fact.values)
        return None if None in bounds else (None, *_numbers(bounds, looked, 1e-6))
    response = instrument.response_of(ItemId(name))
    if isinstance(response, Coded):
        return (None, *map(float, response.scored))
    if isinstance(response, Quantity):
        return (None, *_numbers((response.minimum, response.maximum), looked, 10.0**-response.decimals))
    if isinstance(response, Multiple):
        return _chosen(response, looked)
    return (None, 1.0) if all(test.operator[0] == "answered" for test in looked) else None


def _numbers(bounds: Any, looked: list[Test], step: float) -> tuple[float, ...]:
    """The ends, and the neighbourhood of every number that is compared with."""
    low, high = bounds
    near = [float(one) + off for one in _constants(looked) if not isinstance(one, str) for off in (-step, 0, step)]
    return tuple(sorted({low, high, *(one for one in near if low <= one <= high)}))


def _chosen(response: Multiple, looked: list[Test]) -> tuple[Value, ...] | None:
    """Every combination of the options that are named, each with and without one that is not."""
    named = [option for option in response.options if option in set(_constants(looked))]
    if len(named) > MOST_NAMED:
        return None
    free = [option for option in named if option not in response.exclusive]
    other = [one for one in response.options if one not in named and one not in response.exclusive][:1]
    sets = chain.from_iterable(combinations([*free, *other], size) for size in range(1, len(free) + 2))
    most = len(response.options) if response.at_most is None else response.at_most
    alone = [(option,) for option in response.options if option in response.exclusive]
    return (None, *(one for one in sets if len(one) <= most), *alone)


def _constants(looked: list[Test]) -> Iterator[Any]:
    for test in looked:
        operator, constant = test.operator
        if operator != "answered":
            yield from constant if operator == "in" else (constant,)
