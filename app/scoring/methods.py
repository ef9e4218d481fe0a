"""The word after ``method:`` becomes arithmetic: one row a method, from a scale's declaration to its kernel.

A kernel is compiled once an instrument and takes whole blocks of people; see block.Kernel.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.reach import Ends, ends_of_item
from app.questionnaires.response_scales import Coded
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
from app.questionnaires.tables import Cell, Table
from app.scoring import lookup, transforms, valuesets
from app.scoring.block import Block, Kernel, Source, all_there, read_all
from app.scoring.gates import Names
from app.scoring.patterns import estimated
from app.scoring.transforms import Counts, Floats


@dataclass(frozen=True, slots=True)
class Setting:
    """What compiling a scale may look at: the instrument, where everything stands in a block, the chosen value set."""

    instrument: Instrument
    names: Names
    ends: Mapping[ScaleId, Ends]
    value_set: str | None

    def sources(self, scale: Scale) -> tuple[Source, ...]:
        """The quantities a scale is made of, in the order they are counted."""
        if not isinstance(scale, Listed):
            return tuple(Source(self.names.rows[name]) for name in scale.sources)
        recodes = {item: recode for recode, items in scale.recode.items() for item in items}
        return tuple(self._source(scale, name, recodes.get(ItemId(name))) for name in scale.sources)

    def _source(self, scale: Listed, name: str, recode: str | None) -> Source:
        row = self.names.rows[name]
        if name in scale.reverse:
            return Source(row, mirror=sum(self.span(name)))
        if recode is None:
            return Source(row)
        values = self.instrument.recodes[recode]
        low, high = int(min(values)), int(max(values))
        return Source(row, lookup=tuple(values.get(code, 0.0) for code in range(low, high + 1)), lowest=low)

    def span(self, name: str) -> Ends:
        """The lowest and highest value of an item or a scale."""
        ends = ends_of_item(self.instrument, name) if name in self.instrument.items else self.ends[ScaleId(name)]
        if ends is None:
            raise ValueError(f"the answers to {name} are no numbers")
        return ends

    def ruler(self, scale: Listed) -> Ends:
        """The ends that all sources of a scale share. ValueError where they do not: such a mean says nothing."""
        recodes = [self.instrument.recodes[name].values() for name in scale.recode]
        recoded = {item for items in scale.recode.values() for item in items}
        rulers = {self.span(name) for name in scale.sources if name not in recoded}
        rulers |= {(min(values), max(values)) for values in recodes}
        if len(rulers) > 1:
            raise ValueError(f"scale {scale.title!r} has items on different rulers: {sorted(rulers)}")
        return rulers.pop()

    def possible(self, name: str, place: int, entries: Sequence[tuple[tuple[Cell, ...], float]]) -> tuple[float, ...]:
        """The values that a key of a table can have: the codes of an item, for a score those that the table names."""
        response = self.instrument.response_of(ItemId(name)) if name in self.instrument.items else None
        if isinstance(response, Coded):
            return tuple(map(float, response.scored))
        return tuple({cell for cells, _value in entries if isinstance(cell := cells[place], float)})

    def table(self, name: str) -> Table:
        """A table of the instrument."""
        return self.instrument.tables[name]


def _linear(scale: Linear, sources: Sequence[Source], setting: Setting) -> Kernel:
    low, high = setting.ruler(scale)

    def kernel(block: Block, count: Counts) -> Floats:
        return transforms.linear(transforms.mean(read_all(sources, block), count), low, high - low, scale.reversed)

    return kernel


def _mean(_scale: Mean, sources: Sequence[Source], _setting: Setting) -> Kernel:
    return lambda block, count: transforms.mean(read_all(sources, block), count)


def _sum(scale: Sum, sources: Sequence[Source], _setting: Setting) -> Kernel:
    return lambda block, _count: scale.factor * transforms.total(read_all(sources, block)) + scale.constant


def _prorated(scale: Prorated, sources: Sequence[Source], _setting: Setting) -> Kernel:
    """(sum * n) / answered: what is whole stays whole."""
    of = float(len(scale.sources))
    return lambda block, count: transforms.total(read_all(sources, block)) * of / np.maximum(count, 1)


def _product(scale: Product, sources: Sequence[Source], _setting: Setting) -> Kernel:
    return lambda block, _count: scale.factor * transforms.product(read_all(sources, block))


def _count(scale: Count, sources: Sequence[Source], _setting: Setting) -> Kernel:
    return lambda block, _count: transforms.fulfilled(
        read_all(sources, block), all_there(sources, block), scale.at, scale.value
    )


def _extreme(scale: Extreme, sources: Sequence[Source], _setting: Setting) -> Kernel:
    return lambda block, _count: transforms.extreme(
        read_all(sources, block), all_there(sources, block), is_highest=scale.method == "highest"
    )


def _first(_scale: First, sources: Sequence[Source], _setting: Setting) -> Kernel:
    return lambda block, _count: transforms.first(read_all(sources, block), all_there(sources, block))


def _weighted(scale: Weighted, sources: Sequence[Source], _setting: Setting) -> Kernel:
    weights = tuple(scale.weights.values())
    return lambda block, _count: scale.constant + transforms.weighted(read_all(sources, block), weights)


def _standardised(scale: Standardised, sources: Sequence[Source], _setting: Setting) -> Kernel:
    parts = tuple(scale.components.values())
    means, sds, weights = ([getattr(part, name) for part in parts] for name in ("mean", "sd", "weight"))

    def kernel(block: Block, _count: Counts) -> Floats:
        sums = transforms.standardised(read_all(sources, block), means, sds, weights)
        return scale.centre + scale.spread * sums

    return kernel


def _points(scale: Points, sources: Sequence[Source], _setting: Setting) -> Kernel:
    worth = tuple(scale.points.values())

    def kernel(block: Block, _count: Counts) -> Floats:
        rows = read_all(sources, block)
        return scale.constant + transforms.total(map(lookup.points, rows, worth))

    return kernel


def _converted(scale: Converted, sources: Sequence[Source], setting: Setting) -> Kernel:
    table = setting.table(scale.table)
    raw, scores = (np.array(table.column(name), dtype=np.float64) for name in ("raw", "score"))
    errors = np.array(table.column("se"), dtype=np.float64) if "se" in table.columns else None
    own = setting.names.rows[_name_of(scale, setting)]

    def kernel(block: Block, _count: Counts) -> Floats:
        sums = transforms.total(read_all(sources, block))
        if errors is not None:
            block.errors[own] = lookup.converted(sums, raw, errors)
        return lookup.converted(sums, raw, scores)

    return kernel


def _lookup(scale: Lookup, sources: Sequence[Source], setting: Setting) -> Kernel:
    entries = lookup.rows_for(setting.table(scale.table), tuple(scale.keys))
    table = lookup.grid(entries, [setting.possible(name, place, entries) for place, name in enumerate(scale.sources)])
    return lambda block, _count: table.at(read_all(sources, block))


def _utility(scale: Utility, sources: Sequence[Source], setting: Setting) -> Kernel:
    coefficients = valuesets.chosen(scale, setting.instrument.tables.get(scale.table), setting.value_set)
    if coefficients is None:
        return lambda block, _count: np.full(block.length, np.nan)
    return lambda block, _count: valuesets.index(read_all(sources, block), coefficients)


def _decision(scale: Decision, _sources: Sequence[Source], setting: Setting) -> Kernel:
    return lambda block, _count: lookup.decided(scale.cases, scale.otherwise, setting.names, block)


def _irt(scale: Irt, sources: Sequence[Source], setting: Setting) -> Kernel:
    estimate = estimated(scale, setting.table(scale.bank), [setting.span(item)[0] for item in scale.items])
    own = setting.names.rows[_name_of(scale, setting)]

    def kernel(block: Block, _count: Counts) -> Floats:
        rows = zip(read_all(sources, block), all_there(sources, block), strict=True)
        answers = np.column_stack([np.where(is_there, row, np.nan) for row, is_there in rows])
        values, block.errors[own] = estimate(answers)
        return values

    return kernel


def _name_of(scale: Scale, setting: Setting) -> ScaleId:
    return next(name for name, one in setting.instrument.computed.items() if one is scale)


Compiler: TypeAlias = Callable[[Any, Sequence[Source], Setting], Kernel]
METHODS: Mapping[type[Scale], Compiler] = {
    Linear: _linear,
    Mean: _mean,
    Sum: _sum,
    Prorated: _prorated,
    Product: _product,
    Count: _count,
    Extreme: _extreme,
    First: _first,
    Weighted: _weighted,
    Standardised: _standardised,
    Points: _points,
    Converted: _converted,
    Lookup: _lookup,
    Utility: _utility,
    Decision: _decision,
    Irt: _irt,
}
