"""What the numbers of an instrument can be: the ends of every item and of every scale, by one rule a method.

The loader compares them with the ranges that a definition states; a score carries them.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.response_scales import Coded, Quantity, ResponseScale
from app.questionnaires.scale import Listed, Scale
from app.questionnaires.scales import (
    Converted,
    Count,
    Decision,
    Extreme,
    First,
    Irt,
    Linear,
    Lookup,
    Mean,
    Points,
    Product,
    Prorated,
    Standardised,
    Sum,
    Utility,
    Weighted,
)

Ends: TypeAlias = tuple[float, float]
EndsOf: TypeAlias = Callable[[str], Ends | None]


def is_scored(response: ResponseScale) -> bool:
    """Can answers of this kind be computed with?"""
    return isinstance(response, Coded | Quantity)


def scored_items(instrument: Instrument) -> tuple[ItemId, ...]:
    """The items with answers that one can compute with, in the order of the definition."""
    return tuple(item for item in instrument.items if is_scored(instrument.response_of(item)))


def ends_of_item(instrument: Instrument, item: str) -> Ends | None:
    """The lowest and the highest answer that scores; None for an item that does not."""
    response = instrument.response_of(ItemId(item))
    if isinstance(response, Coded):
        return float(min(response.scored)), float(max(response.scored))
    return (response.minimum, response.maximum) if isinstance(response, Quantity) else None


def order(instrument: Instrument) -> tuple[ScaleId, ...]:
    """Steps and scales, each after those it is made of or looks at. ValueError names a circle."""
    done: dict[ScaleId, None] = {}

    def visit(name: ScaleId, above: tuple[ScaleId, ...]) -> None:
        if name in above:
            raise ValueError(" → ".join((*above[above.index(name) :], name)))
        if name in done:
            return
        for needed in needs(instrument, name):
            visit(needed, (*above, name))
        done[name] = None

    for name in instrument.computed:
        visit(name, ())
    return tuple(done)


def needs(instrument: Instrument, name: ScaleId) -> tuple[ScaleId, ...]:
    """The scales that a scale is made of or looks at in a condition."""
    scale = instrument.computed[name]
    looked_at = (test.score for test in scale.conditions if test.score is not None)
    named = dict.fromkeys((*scale.sources, *looked_at))
    return tuple(ScaleId(one) for one in named if one in instrument.computed)


def items_below(instrument: Instrument, name: ScaleId) -> tuple[ItemId, ...]:
    """Every item that a scale rests on, itself or through other scales, each once."""
    found: dict[ItemId, None] = {}
    for source in instrument.computed[name].sources:
        below = items_below(instrument, ScaleId(source)) if source in instrument.computed else (ItemId(source),)
        found.update(dict.fromkeys(below))
    return tuple(found)


def ends(instrument: Instrument) -> Mapping[ScaleId, Ends]:
    """The lowest and highest value of every step and scale: the stated range, else what its sources can reach."""
    return {name: _stated(instrument.computed[name]) or found for name, found in reachable(instrument).items()}


def reachable(instrument: Instrument) -> dict[ScaleId, Ends]:
    """The same from the sources alone, whatever the definition states; infinite where nothing bounds it."""
    found: dict[ScaleId, Ends] = {}

    def ends_of(source: str) -> Ends | None:
        if source in instrument.items:
            return ends_of_item(instrument, source)
        return _stated(instrument.computed[ScaleId(source)]) or found[ScaleId(source)]

    for name in order(instrument):
        scale = instrument.computed[name]
        found[name] = ENDS[type(scale)](scale, _sources(instrument, scale, ends_of), instrument)
    return found


def _stated(scale: Scale) -> Ends | None:
    return None if scale.range is None else (scale.range[0], scale.range[1])


def _sources(instrument: Instrument, scale: Scale, ends_of: EndsOf) -> dict[str, Ends]:
    found = {source: ends_of(source) or (-math.inf, math.inf) for source in scale.sources}
    if isinstance(scale, Listed):
        for recode, items in scale.recode.items():
            values = instrument.recodes[recode].values()
            found |= dict.fromkeys(items, (min(values), max(values)))
    return found


def _sum(parts: Iterable[Ends]) -> Ends:
    listed = list(parts)
    return sum(low for low, _ in listed), sum(high for _, high in listed)


def _outer(parts: Iterable[Ends]) -> Ends:
    listed = list(parts)
    return min(low for low, _ in listed), max(high for _, high in listed)


def _times(part: Ends, factor: float) -> Ends:
    low, high = sorted((part[0] * factor, part[1] * factor))
    return low, high


def _product(parts: Iterable[Ends]) -> Ends:
    low, high = 1.0, 1.0
    for one in parts:
        corners = [low * one[0], low * one[1], high * one[0], high * one[1]]
        low, high = min(corners), max(corners)
    return low, high


def _of_sum(scale: Sum, parts: Mapping[str, Ends]) -> Ends:
    """What is missing adds nothing, so the ends are only exact where everything is needed."""
    low, high = _times(_sum(parts.values()), scale.factor)
    return low + scale.constant, high + scale.constant


def _of_components(scale: Standardised, parts: Mapping[str, Ends]) -> Ends:
    def one(name: str) -> Ends:
        part = scale.components[name]
        return _times((parts[name][0] - part.mean, parts[name][1] - part.mean), part.weight / part.sd)

    low, high = _times(_sum(map(one, parts)), scale.spread)
    return low + scale.centre, high + scale.centre


def _of_weights(scale: Weighted, parts: Mapping[str, Ends]) -> Ends:
    low, high = _sum(_times(part, scale.weights[name]) for name, part in parts.items())
    return low + scale.constant, high + scale.constant


def _of_points(scale: Points, instrument: Instrument) -> Ends:
    def one(name: str, points: Mapping[int, float]) -> Ends:
        response = instrument.response_of(ItemId(name)) if name in instrument.items else None
        codes = response.scored if isinstance(response, Coded) else tuple(points)
        return _outer((points.get(code, 0.0),) * 2 for code in codes)

    low, high = _sum(one(name, points) for name, points in scale.points.items())
    return low + scale.constant, high + scale.constant


def _of_column(name: str, column: str, instrument: Instrument) -> Ends:
    table = instrument.tables.get(name)
    cells = table.column(column) if table and column in table.columns else ()
    numbers = [cell for cell in cells if isinstance(cell, float)]
    return (min(numbers), max(numbers)) if numbers else (-math.inf, math.inf)


def _of_cases(scale: Decision) -> Ends:
    values = [branch.value for branch in scale.cases]
    return _outer((value, value) for value in ([*values, scale.otherwise] if scale.otherwise is not None else values))


def _of_irt(scale: Irt) -> Ends:
    return (scale.low, scale.high) if scale.metric == "theta" else (50 + 10 * scale.low, 50 + 10 * scale.high)


Rule: TypeAlias = Callable[[Any, Mapping[str, Ends], Instrument], Ends]
ENDS: Mapping[type[Scale], Rule] = {
    Linear: lambda _scale, _parts, _instrument: (0.0, 100.0),
    Mean: lambda _scale, parts, _instrument: _outer(parts.values()),
    Extreme: lambda _scale, parts, _instrument: _outer(parts.values()),
    First: lambda _scale, parts, _instrument: _outer(parts.values()),
    Sum: lambda scale, parts, _instrument: _of_sum(scale, parts),
    Prorated: lambda _scale, parts, _instrument: _sum(parts.values()),
    Product: lambda scale, parts, _instrument: _times(_product(parts.values()), scale.factor),
    Count: lambda _scale, parts, _instrument: (0.0, float(len(parts))),
    Weighted: lambda scale, parts, _instrument: _of_weights(scale, parts),
    Standardised: lambda scale, parts, _instrument: _of_components(scale, parts),
    Points: lambda scale, _parts, instrument: _of_points(scale, instrument),
    Converted: lambda scale, _parts, instrument: _of_column(scale.table, "score", instrument),
    Lookup: lambda scale, _parts, instrument: _of_column(scale.table, "result", instrument),
    Utility: lambda _scale, _parts, _instrument: (-math.inf, math.inf),
    Decision: lambda scale, _parts, _instrument: _of_cases(scale),
    Irt: lambda scale, _parts, _instrument: _of_irt(scale),
}
