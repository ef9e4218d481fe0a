"""What all scales have, whatever their method: title, direction, gates, range, meaning, sources, missing rule."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from app.questionnaires.conditions import Condition, Test, tests
from app.questionnaires.elements import Frozen, ItemKey, Key, Measure, ScaleKey, Text
from app.questionnaires.interpretation import Codes, ImportantChange, ReferenceValue, Threshold
from app.questionnaires.missing_rules import MissingRule

ItemList: TypeAlias = tuple[ItemKey, ...]
ScaleList: TypeAlias = tuple[ScaleKey, ...]
Range: TypeAlias = Annotated[tuple[Measure, ...], Field(min_length=2, max_length=2)]


class Overall(Frozen):
    """A second rule about missing answers: over all items under a scale, or over the whole instrument."""

    across: Literal["scale", "instrument"]
    missing: MissingRule


class Scale(Frozen):
    """What every scale has. ``better`` says which end of the *score* is the good one; ``neither`` where none is.

    ``unless``: the score is missing, though answered, where the condition is true. ``only_if``: ... where it is not
    true, unknown included. ``range`` is the published one; the loader compares it with what the items can reach.
    """

    title: Text
    better: Literal["high", "low", "neither"]
    method: str
    unless: Condition | None = None
    only_if: Condition | None = None
    overall: Overall | None = None
    range: Range | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    thresholds: tuple[Threshold, ...] = ()
    important_changes: tuple[ImportantChange, ...] = ()
    reference_values: tuple[ReferenceValue, ...] = ()
    codes: Codes = Codes()
    note: Text | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The items and the scales that the score is made of, in the order they are counted."""
        raise NotImplementedError

    @property
    def rule(self) -> MissingRule:
        """How many of the sources are needed."""
        return "all"

    @property
    def conditions(self) -> tuple[Test, ...]:
        """Every comparison that decides about the score: of its gates, and of its cases where it has some."""
        return (*tests(self.unless), *tests(self.only_if))


class Listed(Scale):
    """A method over a list of items, of scores, or of both.

    ``reverse`` mirrors single items within the codes of their response scale; ``recode`` sends the answers of items
    through a named table of ``recodes``. Other scales are taken as they are.
    """

    items: ItemList = ()
    scales: ScaleList = ()
    reverse: ItemList = ()
    recode: Mapping[Key, ItemList] = Field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        return (*self.items, *self.scales)

    @model_validator(mode="after")
    def _has_sources(self) -> Self:
        if not self.sources:
            raise ValueError("A scale is made of items, of other scales, or of both; none is listed.")
        changed = [*self.reverse, *(item for items in self.recode.values() for item in items)]
        if foreign := [item for item in changed if item not in self.items]:
            raise ValueError(f"Only items of the scale can be reversed or recoded: {', '.join(foreign[:5])}.")
        if len(set(changed)) < len(changed):
            raise ValueError("An item is reversed or recoded once.")
        return self


class Pooled(Listed):
    """A listed method that may do with fewer than all its sources."""

    missing: MissingRule

    @property
    def rule(self) -> MissingRule:
        return self.missing
