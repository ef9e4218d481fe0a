"""Preference-based indices: the coefficients of a value set over the levels of a health state.

What the words of a value set ask is read in questionnaires.value_set_terms; here each becomes a factor per person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np

from app.questionnaires.scales import Utility
from app.questionnaires.tables import Table
from app.questionnaires.value_set_terms import WORSE, Kind, Term, read_term
from app.scoring.transforms import Bools, Floats, exact_total

Levels = Sequence[Floats]
APART: tuple[Kind, ...] = ("power", "state")  # not factors of a coefficient


@dataclass(frozen=True, slots=True)
class Coefficients:
    """One value set made ready: its terms with their coefficients, in the order of the table."""

    terms: tuple[tuple[Term, float], ...]
    form: Literal["sum", "product"]


def chosen(scale: Utility, table: Table | None, value_set: str | None) -> Coefficients | None:
    """The value set with that code or that column; None where none is chosen, or where it is not installed."""
    if table is None or value_set is None:
        return None
    wanted = value_set.casefold()
    for code, one in scale.sets.items():
        column = one.column or code
        if wanted in (code.casefold(), column.casefold()) and column in table.columns:
            return Coefficients(_terms(scale, table, column), one.form)
    column = next((name for name in table.columns if name.casefold() == wanted and name != "term"), "")
    return Coefficients(_terms(scale, table, column), "sum") if column else None


def _terms(scale: Utility, table: Table, column: str) -> tuple[tuple[Term, float], ...]:
    dimensions = tuple(scale.dimensions)
    pairs = zip(table.column("term"), table.column(column), strict=True)
    read = ((read_term(str(word), dimensions), number) for word, number in pairs)
    return tuple((term, number) for term, number in read if term is not None and isinstance(number, float))


def index(levels: Levels, coefficients: Coefficients) -> Floats:
    """The index of each health state; levels are 1, 2, 3 ... a dimension."""
    return FORMS[coefficients.form](levels, coefficients.terms)


def _sum(levels: Levels, terms: Sequence[tuple[Term, float]]) -> Floats:
    """Start + the terms that apply. With a power p: start - (minus the sum of the others) ** p.

    Source of the power: Fitriana et al., EQ-5D-Y-3L value set of Indonesia, PharmacoEconomics 2022.
    """
    start = [number * FACTORS[term.kind](levels, term) for term, number in terms if term.kind == "always"]
    others = [
        number * FACTORS[term.kind](levels, term) for term, number in terms if term.kind not in ("always", *APART)
    ]
    powers = [number for term, number in terms if term.kind == "power"]
    if powers:
        return _with_states(exact_total(start) - np.abs(exact_total(others)) ** powers[0], levels, terms)
    return _with_states(exact_total([*start, *others]), levels, terms)


def _product(levels: Levels, terms: Sequence[tuple[Term, float]]) -> Floats:
    """The coefficients that apply multiplied (German visual analogue set)."""
    result = np.ones_like(levels[0])
    for term, number in terms:
        if term.kind not in APART:
            result *= np.where(FACTORS[term.kind](levels, term) > 0, number, 1.0)
    return _with_states(result, levels, terms)


def _with_states(values: Floats, levels: Levels, terms: Sequence[tuple[Term, float]]) -> Floats:
    """States that the authors gave a value of their own."""
    for term, number in terms:
        if term.kind == "state":
            is_it = reduce(np.logical_and, [row == level for row, level in zip(levels, term.state, strict=True)])
            values = np.where(is_it, number, values)
    return values


def _is_in(row: Floats, levels: frozenset[int]) -> Bools:
    result: Bools = np.isin(row, list(levels))
    return result


def _count(levels: Levels, wanted: frozenset[int]) -> Floats:
    result = np.zeros_like(levels[0])
    for row in levels:
        result += _is_in(row, wanted)
    return result


def _only(levels: Levels, term: Term) -> Floats:
    """Everything above level 1 is at these levels, and something is."""
    at, above = _count(levels, term.levels), _count(levels, WORSE)
    result: Floats = ((at > 0) & (at == above)).astype(np.float64)
    return result


def _at(levels: Levels, term: Term) -> Floats:
    result: Floats = np.ones_like(levels[0])
    for place, wanted in term.at:
        result *= _is_in(levels[place], wanted)
    return result


FACTORS: Mapping[Kind, Callable[[Levels, Term], Floats]] = {
    "always": lambda levels, _term: np.ones_like(levels[0]),
    "any": lambda levels, term: (_count(levels, term.levels) > 0).astype(np.float64),
    "beyond-first": lambda levels, term: np.maximum(_count(levels, term.levels) - 1, 0) ** term.power,
    "count": lambda levels, term: _count(levels, term.levels) ** term.power,
    "only": _only,
    "none-at-1": lambda levels, _term: (_count(levels, frozenset({1})) == 0).astype(np.float64),
    "both": lambda levels, term: ((_count(levels, term.levels) > 0) & (_count(levels, term.then) > 0)).astype(
        np.float64
    ),
    "count-if": lambda levels, term: _count(levels, term.levels) * (_count(levels, term.then) > 0),
    "levels": _at,
}
FORMS: Mapping[str, Callable[[Levels, Sequence[tuple[Term, float]]], Floats]] = {"sum": _sum, "product": _product}
