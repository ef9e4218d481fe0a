"""Computerised adaptive testing: which item to ask next, from the answers so far and from nothing else.

Nothing is kept between two items: the same bank, rules and answers give the same next item, on any machine, after any
pause. The caller keeps the answers and the time.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from app.questionnaires.elements import ItemId
from app.scoring.adaptive_rules import Rules
from app.scoring.graded import MISSING, Bank, item_information
from app.scoring.irt import STANDARD, Quadrature, log_posterior, moments

Reason: TypeAlias = Literal["precise-enough", "longest-reached", "no-items-left"]

TIE = 1e-9
"""Information that differs by less than this share is the same: another processor rounds the last digits otherwise."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now: ask ``item``, or stop for ``reason`` (one of the two is None), and what is known so far.

    ``theta`` is the EAP of the ``answered`` items and ``error`` its standard error; before the first answer they are
    those of the prior.
    """

    item: ItemId | None
    reason: Reason | None
    theta: float
    error: float
    answered: int


def next_item(
    bank: Bank,
    answered: Mapping[ItemId, int],
    rules: Rules,
    *,
    declined: Collection[ItemId] = (),
    quadrature: Quadrature = STANDARD,
) -> Step:
    """The item that tells most at the theta of the answers so far, of those that the rules allow; or why to stop.

    Answers are categories from 0. Items left out on purpose (``declined``) are not asked again and count towards the
    longest test, for they have been read. Of two items that tell the same, the first of the bank is asked. KeyError
    for an item that the bank does not have, ValueError for an answer that is no category of its item.
    """
    shown = {*answered, *declined}
    if foreign := (shown | rules.named).difference(bank.items):
        raise KeyError(*sorted(foreign))
    theta, error = _estimate(bank, answered, quadrature)
    pool, reason = _pool(bank, answered.keys(), shown, rules, error)
    item = None
    if pool:
        item = rules.first if not shown and rules.first in pool else _most_telling(bank, pool, theta)
    return Step(item, reason, theta, error, len(answered))


def path(
    bank: Bank, answers: Mapping[ItemId, int], rules: Rules, *, quadrature: Quadrature = STANDARD
) -> tuple[Step, ...]:
    """The whole test of a person who answers like this, ending with the step that stops it.

    For simulation, and to show later why an item was asked. An item without an answer is declined when it is asked.
    """
    answered: dict[ItemId, int] = {}
    declined: list[ItemId] = []
    steps = [next_item(bank, answered, rules, quadrature=quadrature)]
    for _ in bank.items:  # each is asked once at most
        if (item := steps[-1].item) is None:
            break
        if item in answers:
            answered[item] = answers[item]
        else:
            declined.append(item)
        steps.append(next_item(bank, answered, rules, declined=declined, quadrature=quadrature))
    return tuple(steps)


def _estimate(bank: Bank, answered: Mapping[ItemId, int], quadrature: Quadrature) -> tuple[float, float]:
    limits = dict(zip(bank.items, bank.categories.tolist(), strict=True))
    if wrong := sorted(item for item, code in answered.items() if not 0 <= code < limits[item]):
        raise ValueError(f"no category of its item: {', '.join(wrong)}")
    row = np.array([[answered.get(item, MISSING) for item in bank.items]], dtype=np.intp)
    theta, error = moments(log_posterior(bank, row, quadrature), quadrature)
    return float(theta[0]), float(error[0])


def _pool(
    bank: Bank, answered: AbstractSet[ItemId], shown: AbstractSet[ItemId], rules: Rules, error: float
) -> tuple[AbstractSet[ItemId], Reason | None]:
    """The items that may be asked next, or none and the reason. What an area is owed is asked while there is room."""
    owed = {area: count for area in rules.areas if (count := area.owed(answered, shown))}
    is_precise = error < rules.precise and len(answered) >= rules.shortest
    if is_precise and not owed:
        return frozenset(), "precise-enough"
    if len(shown) >= rules.longest:
        return frozenset(), "longest-reached"
    pool = rules.pool(frozenset(bank.items), answered, shown)
    if is_precise or sum(owed.values()) >= rules.longest - len(shown):
        pool = pool.intersection(frozenset[ItemId]().union(*(area.items for area in owed)))
    return pool, None if pool else "no-items-left"


def _most_telling(bank: Bank, pool: AbstractSet[ItemId], theta: float) -> ItemId:
    columns = np.array([column for column, item in enumerate(bank.items) if item in pool], dtype=np.intp)
    information = item_information(bank, theta)[0, columns]
    best = np.flatnonzero(information >= information.max() * (1 - TIE))[0]
    return bank.items[int(columns[best])]
