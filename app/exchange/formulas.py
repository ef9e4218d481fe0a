"""Scores as formulas that several languages can print: FHIRPath, REDCap's calculations, XPath.

A formula says what app.scoring computes, nothing else. A value that is missing is missing here too; only ``Total`` and
``Present`` pass over what is missing. How each scale becomes a formula is in score_formulas.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.questionnaires.conditions import And, Not, Or, Test

AnyCondition: TypeAlias = And | Or | Not | Test
Operator: TypeAlias = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    number: float


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value."""


@dataclass(frozen=True, slots=True)
class Value:
    """The quantity with that name; see ``Quantity``."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """Two formulas joined; missing where one of them is."""

    operator: Operator
    left: "Formula"
    right: "Formula"


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of those that are there; never asked for where none is."""

    parts: "tuple[Formula, ...]"


@dataclass(frozen=True, slots=True)
class Present:
    """How many of these are there."""

    parts: "tuple[Formula, ...]"


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """How many of those that are there fulfil a comparison with a number."""

    parts: "tuple[Formula, ...]"
    operator: str
    number: float


@dataclass(frozen=True, slots=True)
class Extreme:
    """The highest or the lowest of those that are there."""

    parts: "tuple[Formula, ...]"
    is_highest: bool


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first that is there."""

    parts: "tuple[Formula, ...]"


@dataclass(frozen=True, slots=True)
class Looked:
    """The number beside a value; ``otherwise`` for a value that is not listed, no value for one that is missing."""

    value: "Formula"
    numbers: Mapping[float, "Formula"]
    otherwise: "Formula"


@dataclass(frozen=True, slots=True)
class Rounded:
    """A value to so many decimals."""

    value: "Formula"
    decimals: int


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Is a formula that is never missing at least so much?"""

    value: "Formula"
    number: float


@dataclass(frozen=True, slots=True)
class Surely:
    """Is a condition surely true, or surely false? Unknown is neither."""

    condition: AnyCondition
    is_true: bool = True


@dataclass(frozen=True, slots=True)
class Choose:
    """``then`` where every one of the tests holds, else ``other``."""

    tests: "tuple[Truth, ...]"
    then: "Formula"
    other: "Formula"


Truth: TypeAlias = AtLeast | Surely
Formula: TypeAlias = (
    Constant | Nothing | Value | Binary | Total | Present | Fulfilled | Extreme | FirstOf | Looked | Rounded | Choose
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named number that others refer to: an answer as scoring takes it, a step, a score.

    ``formula`` is None for an answer that is taken as it is given.
    """

    name: str
    formula: Formula | None = None
