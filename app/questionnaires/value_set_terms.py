"""The words in which value sets are published, read into what they ask of a health state.

Source of the words: the tables of the value-set papers as collected by the R package eq5d 0.16.0. What each counts is
computed in app.scoring.valuesets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "always", "any", "beyond-first", "count", "only", "none-at-1", "both", "count-if", "levels", "state", "power"
]
WORSE = frozenset(range(2, 10))


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a value set. ``levels`` are those it counts, ``then`` a second group of them for "both", "count-if".

    ``at`` pairs the place of a dimension with its levels; ``power`` is the one to which a count is raised.
    """

    kind: Kind
    levels: frozenset[int] = WORSE
    then: frozenset[int] = frozenset()
    power: int = 1
    at: tuple[tuple[int, frozenset[int]], ...] = field(default=())
    state: tuple[int, ...] = ()


TWO, THREE, FOUR_UP, FIVE = frozenset({2}), frozenset({3}), frozenset(range(4, 10)), frozenset({5})
WORDS: Mapping[str, Term] = {
    "StartValue": Term("always"),
    "FullHealth": Term("always"),
    "Intercept": Term("any"),
    "AtLeastOne2Or3": Term("any"),
    "AtLeastOne3": Term("any", THREE),
    "A3": Term("any", THREE),
    "N4": Term("any", FOUR_UP),
    "N5": Term("any", FIVE),
    "D1": Term("beyond-first"),
    "I2": Term("beyond-first", TWO),
    "I2square": Term("beyond-first", TWO, power=2),
    "I3": Term("beyond-first", THREE),
    "I3square": Term("beyond-first", THREE, power=2),
    "Num45sq": Term("beyond-first", FOUR_UP, power=2),
    "C2square": Term("count", TWO, power=2),
    "C3square": Term("count", THREE, power=2),
    "O2": Term("only", TWO),
    "O3": Term("only", THREE),
    "X5": Term("none-at-1"),
    "Z2": Term("both", TWO, then=THREE),
    "Z3": Term("count-if", TWO, then=THREE),
    "Power": Term("power"),
}


def read_term(word: str, dimensions: Sequence[str]) -> Term | None:
    """What a word means for these dimensions; None where it means nothing."""
    if word in WORDS:
        return WORDS[word]
    if re.fullmatch(r"=[1-9]+", word) and len(word) == len(dimensions) + 1:
        return Term("state", state=tuple(map(int, word[1:])))
    name = "|".join(map(re.escape, sorted(dimensions, key=len, reverse=True)))
    if not re.fullmatch(rf"(?:(?:{name})[1-9]+)+", word):
        return None
    parts = re.findall(rf"({name})([1-9]+)", word)
    return Term("levels", at=tuple((dimensions.index(one), frozenset(map(int, levels))) for one, levels in parts))


def bad_terms(words: Iterable[str], dimensions: Sequence[str]) -> list[str]:
    """The words that mean nothing."""
    return [word for word in words if read_term(word, dimensions) is None]
