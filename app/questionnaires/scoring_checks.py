"""What a definition can get wrong in its scoring: rules that never compute, impossible numbers, tables with gaps."""

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

from app.questionnaires.conditions import Not
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.missing_rules import needed
from app.questionnaires.possible import can_be_true, most_together
from app.questionnaires.reach import ends, ends_of_item, is_scored, items_below, reachable, scored_items
from app.questionnaires.response_scales import Coded
from app.questionnaires.scale import Listed, Scale
from app.questionnaires.scales import (
    Count,
    Decision,
    Extreme,
    First,
    Linear,
    Lookup,
    Mean,
    Prorated,
    Sum,
)
from app.questionnaires.schema import Said, Sense
from app.questionnaires.sentences import shown
from app.questionnaires.table_checks import TABLES
from app.questionnaires.yaml_source import Key

Where: TypeAlias = tuple[Key, ...]
EXACT_RANGES = (Mean, Prorated, Count, Extreme, First)
"""Their stated range is exactly what the sources can reach. A sum that may leave out answers only stays within."""


def _each(instrument: Instrument) -> Iterator[tuple[Where, ScaleId, Any]]:
    for group, scales in (("steps", instrument.steps), ("scales", instrument.scales)):
        for name, scale in scales.items():
            yield (group, name), name, scale


def _only_numbers_are_scored(instrument: Instrument) -> Iterator[Said]:
    for where, _name, scale in _each(instrument):
        for source in scale.sources:
            if source in instrument.items and not is_scored(instrument.response_of(ItemId(source))):
                yield Said(where, f"The answers to {shown(source)} are no numbers, so they cannot be scored.")


def _enough_can_be_answered(instrument: Instrument) -> Iterator[Said]:
    is_routed = any(one.ask_if for one in instrument.items.values()) or any(one.ask_if for one in instrument.pages)
    for where, name, scale in _each(instrument):
        of = len(scale.sources)
        if needed(scale.rule, of) > of:
            yield Said(
                (*where, "missing"), f"{needed(scale.rule, of)} answers are needed and there are {of}: never computed."
            )
        elif is_routed and (most := _most_of(instrument, scale)) < needed(scale.rule, of):
            told = f"{needed(scale.rule, of)} answers are needed, and nobody is asked more than {most}: never computed."
            yield Said((*where, "missing") if isinstance(scale, Listed) else where, told)
        if scale.overall is not None:
            across = len(scored_items(instrument) if scale.overall.across == "instrument" else _below(instrument, name))
            if needed(scale.overall.missing, across) > across:
                yield Said((*where, "overall"), f"More answers are needed than the {across} there are: never computed.")


def _most_of(instrument: Instrument, scale: Scale) -> int:
    """How many sources of a scale one person can have at most; scales among them count as there.

    So do items that nobody is ever asked: that has been told at the item.
    """
    items = tuple(ItemId(source) for source in scale.sources if source in instrument.items)
    if any(most_together(instrument, [item]) == 0 for item in items):
        return len(scale.sources)
    return len(scale.sources) - len(items) + most_together(instrument, items)


def _below(instrument: Instrument, name: ScaleId) -> tuple[ItemId, ...]:
    return items_below(instrument, name)


def _gates_open(instrument: Instrument) -> Iterator[Said]:
    for where, _name, scale in _each(instrument):
        if scale.only_if is not None and not can_be_true(instrument, scale.only_if, on_the_way=False):
            yield Said((*where, "only_if"), "This can never be true, so the scale is never computed.")
        if scale.unless is not None and not _can_be_other(instrument, scale.unless):
            yield Said((*where, "unless"), "This is always true, so the scale is never computed.")
        if isinstance(scale, Decision):
            for number, branch in enumerate(scale.cases):
                if not can_be_true(instrument, branch.when, on_the_way=False):
                    yield Said((*where, "cases", number, "when"), "This can never be true.")


def _can_be_other(instrument: Instrument, condition: Any) -> bool:
    """Can it be false? A condition that can be unknown counts as well: unknown opens an ``unless``."""
    return can_be_true(instrument, Not.model_construct(not_=condition), on_the_way=False)


def _one_ruler(instrument: Instrument) -> Iterator[Said]:
    """A mean over different rulers means nothing."""
    for where, name, scale in _each(instrument):
        if not isinstance(scale, Linear | Mean):
            continue
        rulers: dict[tuple[float, float], str] = {}
        for source in scale.sources:
            if source not in _recoded(scale) and (found := _ruler(instrument, source)) is not None:
                rulers.setdefault(found, source)
        if len(rulers) > 1:
            ranges = " and ".join(f"{low:g} to {high:g} ({shown(one)})" for (low, high), one in rulers.items())
            yield Said(where, f"Scale {shown(name)} mixes answers from {ranges}; all its items need the same range.")


def _ruler(instrument: Instrument, source: str) -> tuple[float, float] | None:
    return ends_of_item(instrument, source) if source in instrument.items else ends(instrument)[ScaleId(source)]


def _recoded(scale: Scale) -> frozenset[ItemId]:
    return (
        frozenset(item for items in scale.recode.values() for item in items)
        if isinstance(scale, Listed)
        else frozenset()
    )


def _ranges_are_reached(instrument: Instrument) -> Iterator[Said]:
    found = reachable(instrument)
    for where, name, scale in _each(instrument):
        if scale.range is None or not all(map(math.isfinite, found[name])):
            continue
        (low, high), (least, most) = scale.range, found[name]
        is_exact = isinstance(scale, EXACT_RANGES) or (isinstance(scale, Sum) and scale.missing == "all")
        is_same = math.isclose(low, least, abs_tol=0.005) and math.isclose(high, most, abs_tol=0.005)
        is_within = low - 0.005 <= least and most <= high + 0.005
        if is_exact and not is_same:
            yield Said((*where, "range"), f"{low:g} to {high:g} is written; the sources reach {least:g} to {most:g}.")
        elif isinstance(scale, Decision | Lookup) and not is_within:
            yield Said((*where, "range"), f"{low:g} to {high:g} is written; the values go from {least:g} to {most:g}.")
        elif low >= high:
            yield Said((*where, "range"), "Write the lower end first.")


def _recodes_are_complete(instrument: Instrument) -> Iterator[Said]:
    for where, _name, scale in _each(instrument):
        for recode, items in scale.recode.items() if isinstance(scale, Listed) else ():
            for item in items:
                response = instrument.response_of(item)
                codes = response.scored if isinstance(response, Coded) else ()
                if left_out := [code for code in codes if code not in instrument.recodes[recode]]:
                    said = f"{shown(recode)} has no value for {shown(left_out[0])}, an answer to {shown(item)}."
                    yield Said((*where, "recode", recode), said)
                if not codes:
                    yield Said((*where, "recode", recode), f"{shown(item)} has no codes to recode.")


def _thresholds_can_be_crossed(instrument: Instrument) -> Iterator[Said]:
    bounds = ends(instrument)
    for where, name, scale in _each(instrument):
        low, high = bounds[name]
        for number, one in enumerate(scale.thresholds):
            if not low <= one.value <= high:
                yield Said((*where, "thresholds", number), f"{one.value:g} lies outside {low:g} to {high:g}.")


def _tables_fit(instrument: Instrument) -> Iterator[Said]:
    for where, _name, scale in _each(instrument):
        if (look := TABLES.get(type(scale))) is not None:
            for message in look(scale, instrument):
                yield Said(where, message)


CHECKS: tuple[Sense[Instrument], ...] = (
    _only_numbers_are_scored,
    _enough_can_be_answered,
    _gates_open,
    _one_ruler,
    _recodes_are_complete,
    _tables_fit,
    _ranges_are_reached,
    _thresholds_can_be_crossed,
)
