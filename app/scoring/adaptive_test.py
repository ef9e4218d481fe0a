"""The adaptive test of an instrument: its bank and rules made ready once, and its course from the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.questionnaires.answers import Answers
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.scales import Irt
from app.scoring.adaptive import Step, next_item
from app.scoring.adaptive_rules import Area, Rules
from app.scoring.graded import Bank
from app.scoring.irt import Quadrature
from app.scoring.patterns import bank_of_scale

Categories: TypeAlias = Mapping[ItemId, Mapping[object, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Adaptive:
    """A bank with its rules; ``categories`` turn the code of an answer into its category, counted from 0."""

    bank: Bank
    rules: Rules
    quadrature: Quadrature
    categories: Categories


def compile_test(instrument: Instrument) -> Adaptive | None:
    """The instrument's adaptive test; None where it has none. ValueError where its rules contradict each other."""
    if instrument.adaptive is None:
        return None
    stated = instrument.adaptive
    scale = instrument.scales[stated.scale]
    if not isinstance(scale, Irt):
        raise ValueError(f"{stated.scale} is not computed from the pattern of answers")
    areas = tuple(Area(one.key, frozenset(one.items), one.least, one.most) for one in stated.areas)
    rules = Rules(stated.first, stated.precise, stated.shortest, stated.longest, areas)
    quadrature = Quadrature(scale.nodes, scale.low, scale.high, scale.prior_mean, scale.prior_sd)
    categories: dict[ItemId, Mapping[object, int]] = {}
    for item in scale.items:
        codes = sorted(getattr(instrument.response_of(item), "scored", ()))
        categories[item] = {code: code - codes[0] for code in codes}
    return Adaptive(bank_of_scale(scale, instrument.tables[scale.bank]), rules, quadrature, categories)


def course(test: Adaptive, answers: Answers) -> tuple[Step, ...]:
    """The steps that these answers lead to: the last one asks an item without an answer, or stops the test.

    An answer that is none ("does not apply") counts as left out on purpose. Answers to items that the course does not
    come to are not looked at, so that a changed answer never asks for more than the rest of a test.
    """
    answered: dict[ItemId, int] = {}
    declined: list[ItemId] = []
    steps: list[Step] = []
    while not steps or (steps[-1].item is not None and steps[-1].item in answers):
        if steps and (item := steps[-1].item) is not None:
            category = test.categories[item].get(answers[item])
            if category is None:
                declined.append(item)
            else:
                answered[item] = category
        steps.append(next_item(test.bank, answered, test.rules, declined=declined, quadrature=test.quadrature))
    return tuple(steps)
