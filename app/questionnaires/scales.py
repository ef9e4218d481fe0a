"""Scales and how they are scored: one model per method, told by the word after ``method:``.

Only what is declared; the arithmetic of each method is in app.scoring. docs/instruments.md shows every method at work.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from app.questionnaires.conditions import Condition, Test, tests
from app.questionnaires.elements import Frozen, Key, Measure, TableName, Text
from app.questionnaires.missing_rules import MissingRule
from app.questionnaires.scale import ItemList, Listed, Pooled, Range, Scale


class Linear(Pooled):
    """The mean of the answers stretched to 0-100; ``reversed``: the lowest answers give the highest score."""

    method: Literal["linear"]
    reversed: bool


class Mean(Pooled):
    """The mean of what is answered."""

    method: Literal["mean"]
    range: Range


class Sum(Pooled):
    """``constant`` + ``factor`` * the sum of what is answered; what is missing adds nothing."""

    method: Literal["sum"]
    range: Range
    factor: Measure = 1.0
    constant: Measure = 0.0


class Prorated(Pooled):
    """The mean of what is answered times the number of sources."""

    method: Literal["prorated"]
    range: Range


class Extreme(Pooled):
    """The highest, or the lowest, of what is answered."""

    method: Literal["highest", "lowest"]
    range: Range


class Product(Listed):
    """``factor`` * the product of all sources."""

    method: Literal["product"]
    range: Range
    factor: Measure = 1.0


class Count(Pooled):
    """How many sources fulfil a comparison: ``at: ge, value: 2``."""

    method: Literal["count"]
    range: Range
    at: Literal["ge", "gt", "le", "lt", "eq", "ne"]
    value: Measure


class First(Listed):
    """The first source that has a value; the others are not looked at."""

    method: Literal["first"]
    range: Range

    @property
    def rule(self) -> MissingRule:
        return "any"


class Weighted(Scale):
    """``constant`` + the sum of weight * value; all are needed."""

    method: Literal["weighted"]
    range: Range | None = None
    constant: Measure = 0.0
    weights: Annotated[Mapping[Key, Measure], Field(min_length=1)]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.weights)


class Component(Frozen):
    """One part of a standardised score: weight * (value - mean) / sd."""

    mean: Measure
    sd: Annotated[Measure, Field(gt=0)]
    weight: Measure


class Standardised(Scale):
    """``centre`` + ``spread`` * the sum of weight * (value - mean) / sd; all are needed."""

    method: Literal["standardised"]
    centre: Measure = 50.0
    spread: Measure = 10.0
    components: Annotated[Mapping[Key, Component], Field(min_length=1)]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.components)


class Points(Scale):
    """``constant`` + the points that each answer is worth; an answer without points is worth none. All are needed."""

    method: Literal["points"]
    range: Range | None = None
    constant: Measure = 0.0
    points: Annotated[Mapping[Key, Mapping[int, Measure]], Field(min_length=1)]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.points)


class Converted(Listed):
    """The sum of all sources looked up in a table with the columns ``raw``, ``score`` and, if published, ``se``."""

    method: Literal["table"]
    table: TableName


class Lookup(Scale):
    """The row of a table that shows the same values: ``keys`` says which column holds which item or score.

    The result is in the column ``result``. A cell ``*`` fits every value. Rows count only if all their other columns
    are empty, so that one table serves several combinations.
    """

    method: Literal["lookup"]
    range: Range
    table: TableName
    keys: Annotated[Mapping[Key, Key], Field(min_length=1, max_length=8)]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.keys.values())


class ValueSet(Frozen):
    """One set of utilities: its column in the table, the paper, and how the terms are joined."""

    title: Text
    source: Text
    column: Text | None = None
    form: Literal["sum", "product"] = "sum"


class Utility(Scale):
    """A preference-based index: the terms of the chosen value set, over dimensions with levels 1, 2, 3 ...

    ``table`` holds a column ``term`` and one column a value set; ``supplied`` says that the study installs it. The
    names of the terms are explained in docs/instruments.md.
    """

    method: Literal["value-set"]
    table: TableName
    dimensions: Annotated[Mapping[Key, Key], Field(min_length=1, max_length=20)]
    sets: Mapping[str, ValueSet] = Field(default_factory=dict)
    supplied: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.dimensions.values())


class Branch(Frozen):
    """One row of a decision list: the value where the condition holds."""

    when: Condition
    value: Measure


class Decision(Scale):
    """The value of the first branch whose condition holds, else ``otherwise``.

    Not computed where an earlier condition is unknown. ``needs`` lists what must be there whatever the branch.
    """

    method: Literal["cases"]
    range: Range
    cases: Annotated[tuple[Branch, ...], Field(min_length=1, max_length=100)]
    otherwise: Measure | None = None
    needs: tuple[Key, ...] = ()
    labels: Mapping[int, Text] = Field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        return self.needs

    @property
    def conditions(self) -> tuple[Test, ...]:
        return (*super().conditions, *(test for branch in self.cases for test in tests(branch.when)))


class Irt(Scale):
    """A latent trait from the pattern of answers, by the parameters of an item bank.

    ``bank`` is a table: item, a, b1, b2 ... ``metric``: theta, or T = 50 + 10 * theta.
    """

    method: Literal["irt"]
    items: Annotated[ItemList, Field(min_length=1)]
    missing: MissingRule
    bank: TableName
    model: Literal["graded"] = "graded"
    estimator: Literal["eap", "ml"] = "eap"
    metric: Literal["theta", "t"] = "t"
    prior_mean: Measure = 0.0
    prior_sd: Annotated[Measure, Field(gt=0)] = 1.0
    low: Measure = -4.5
    high: Measure = 4.5
    nodes: Annotated[int, Field(ge=11, le=1001)] = 91

    @property
    def sources(self) -> tuple[str, ...]:
        return self.items

    @property
    def rule(self) -> MissingRule:
        return self.missing


AnyScale = Annotated[
    Linear
    | Mean
    | Sum
    | Prorated
    | Extreme
    | Product
    | Count
    | First
    | Weighted
    | Standardised
    | Points
    | Converted
    | Lookup
    | Utility
    | Decision
    | Irt,
    Field(discriminator="method"),
]
