"""An instrument made ready for scoring: names turned into rows once, so that scoring itself is plain arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.questionnaires import reach
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId, ScaleId
from app.questionnaires.missing_rules import needed
from app.questionnaires.response_scales import Coded, Quantity
from app.questionnaires.scale import Scale
from app.questionnaires.scales import Converted, Decision, Irt, Lookup, Utility
from app.scoring.block import CODE_OF, Kernel, Source
from app.scoring.gates import AnyCondition, Names
from app.scoring.methods import METHODS, Setting
from app.scoring.transforms import Floats

PARTIAL = (Converted, Lookup, Utility, Decision, Irt)
SMALL = 10_000.0  # beyond every code; a quantity is compared with its own bounds instead


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """How one step or scale is computed: what it counts, what it asks for, and its kernel.

    ``across`` are the rows that the second rule about missing answers counts, ``across_needed`` how many it needs.
    ``missing`` is what too few sources mean. A kernel that ``is_partial`` may give no number although there are enough;
    ``failure`` is what that means.
    """

    row: int
    sources: tuple[Source, ...]
    needed: int
    kernel: Kernel
    unless: AnyCondition | None
    only_if: AnyCondition | None
    across: tuple[int, ...]
    across_needed: int
    decimals: int | None
    missing: int
    failure: int
    is_partial: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How the answers of one instrument become its scores.

    ``items`` and ``facts`` name the columns of the tables that are scored, ``scales`` those of the result.
    ``lowest`` and ``highest`` bound the codes of each item; ``gapped`` lists the few items whose codes leave out
    numbers in between, ``measured`` those that are answered with a quantity (row, bounds, whole numbers only),
    ``silent`` those with codes that one may choose and that are no answers. ``of`` and ``needed`` count the sources of
    each scale, ``ends`` bound its values, ``below`` are the items it rests on.
    """

    instrument: str
    items: tuple[ItemId, ...]
    facts: tuple[FactId, ...]
    scales: tuple[ScaleId, ...]
    computed: tuple[ScaleId, ...]
    names: Names
    lowest: NDArray[np.int16]
    highest: NDArray[np.int16]
    measured: tuple[tuple[int, float, float, bool], ...]
    gapped: tuple[tuple[int, Floats], ...]
    silent: tuple[tuple[int, Floats], ...]
    operations: tuple[Operation, ...]
    of: NDArray[np.int16]
    needed: NDArray[np.int16]
    ends: tuple[tuple[float, float], ...]
    better: tuple[str, ...]
    below: tuple[tuple[ItemId, ...], ...]


def compile_plan(instrument: Instrument, value_set: str | None = None) -> Plan:
    """The plan of an instrument, its items and scales in the order of the definition.

    ``value_set`` is the code or the column of the preference values to use. The reader of instrument files has already
    refused what cannot be scored, all mistakes at once. KeyError for a scale with an unknown item and ValueError for
    one with several rulers, so that nothing else can ever score in silence.
    """
    items, order = reach.scored_items(instrument), reach.order(instrument)
    names = _names(instrument, items, order)
    setting = Setting(instrument, names, reach.ends(instrument), value_set)
    codes = [_codes(instrument, item) for item in items]
    scales = instrument.scales
    return Plan(
        instrument=instrument.key,
        items=items,
        facts=tuple(instrument.facts),
        scales=tuple(scales),
        computed=order,
        names=names,
        lowest=np.array([code[0] for code in codes], dtype=np.float64).clip(-SMALL, SMALL).astype(np.int16)[:, None],
        highest=np.array([code[-1] for code in codes], dtype=np.float64).clip(-SMALL, SMALL).astype(np.int16)[:, None],
        measured=_measured(instrument, items),
        gapped=tuple(
            (row, code)
            for row, (item, code) in enumerate(zip(items, codes, strict=True))
            if isinstance(instrument.response_of(item), Coded) and code[-1] - code[0] >= len(code)
        ),
        silent=tuple(
            (row, np.array(list(response.not_answers), dtype=np.float64))
            for row, response in enumerate(map(instrument.response_of, items))
            if isinstance(response, Coded) and response.not_answers
        ),
        operations=tuple(_operation(setting, name) for name in order),
        of=np.array([len(scale.sources) for scale in scales.values()], dtype=np.int16),
        needed=np.array([needed(scale.rule, len(scale.sources)) for scale in scales.values()], dtype=np.int16),
        ends=tuple(setting.ends[name] for name in scales),
        better=tuple(scale.better for scale in scales.values()),
        below=tuple(reach.items_below(instrument, name) for name in scales),
    )


def _names(instrument: Instrument, items: tuple[ItemId, ...], order: tuple[ScaleId, ...]) -> Names:
    words: dict[str, dict[str, float]] = {
        name: {word: float(number) for number, word in enumerate(fact.values)}
        for name, fact in instrument.facts.items()
        if fact.values is not None
    }
    return Names({name: row for row, name in enumerate((*items, *instrument.facts, *order))}, words)


def _codes(instrument: Instrument, item: ItemId) -> Floats:
    response = instrument.response_of(item)
    if isinstance(response, Coded):
        return np.array(sorted(response.scored), dtype=np.float64)
    ends = reach.ends_of_item(instrument, item)
    return np.array(ends, dtype=np.float64)


def _measured(instrument: Instrument, items: tuple[ItemId, ...]) -> tuple[tuple[int, float, float, bool], ...]:
    responses = ((row, instrument.response_of(item)) for row, item in enumerate(items))
    return tuple(
        (row, one.minimum, one.maximum, one.decimals == 0) for row, one in responses if isinstance(one, Quantity)
    )


def _operation(setting: Setting, name: ScaleId) -> Operation:
    instrument, rows = setting.instrument, setting.names.rows
    scale = instrument.computed[name]
    sources = setting.sources(scale)
    across, across_needed = _overall(setting, name, scale)
    return Operation(
        row=rows[name],
        sources=sources,
        needed=needed(scale.rule, len(sources)),
        kernel=METHODS[type(scale)](scale, sources, setting),
        unless=scale.unless,
        only_if=scale.only_if,
        across=across,
        across_needed=across_needed,
        decimals=scale.decimals,
        missing=CODE_OF["too-few-answers" if set(scale.sources) <= instrument.items.keys() else "parts-missing"],
        is_partial=isinstance(scale, PARTIAL),
        failure=CODE_OF["no-value-set" if isinstance(scale, Utility) else "no-value"],
    )


def _overall(setting: Setting, name: ScaleId, scale: Scale) -> tuple[tuple[int, ...], int]:
    if scale.overall is None:
        return (), 0
    instrument = setting.instrument
    below: Mapping[str, tuple[ItemId, ...]] = {
        "scale": reach.items_below(instrument, name),
        "instrument": reach.scored_items(instrument),
    }
    items = below[scale.overall.across]
    return tuple(setting.names.rows[item] for item in items), needed(scale.overall.missing, len(items))
