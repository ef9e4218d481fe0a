"""The rules of an adaptive test as a definition states them; which item they lead to is found in app.scoring."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.questionnaires.elements import Frozen, ItemKey, Key, Measure, ScaleKey


class Area(Frozen):
    """A part of the content of which at least ``least`` and at most ``most`` items are answered."""

    key: Key
    items: Annotated[tuple[ItemKey, ...], Field(min_length=1)]
    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=1)] | None = None


class AdaptiveTest(Frozen):
    """Items asked one by one, each chosen by the answers before it, until the score is precise enough.

    ``scale`` is of the method ``irt``; its items are those of one page. ``first`` is asked first. The test stops once
    the standard error of theta is below ``precise`` and ``shortest`` items are answered, or when ``longest`` have been
    shown.
    """

    scale: ScaleKey
    first: ItemKey | None = None
    precise: Annotated[Measure, Field(gt=0)] = 0.3
    shortest: Annotated[int, Field(ge=0, le=500)] = 4
    longest: Annotated[int, Field(ge=1, le=500)] = 12
    areas: tuple[Area, ...] = ()

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError(f"A test of {self.shortest} to {self.longest} items cannot be.")
        named = [item for area in self.areas for item in area.items]
        if len(named) > len(set(named)):
            raise ValueError("An item belongs to one area only.")
        least = sum(area.least for area in self.areas)
        if least + (self.first is not None and self.first not in named) > self.longest:
            raise ValueError(f"The areas and the first item need more than {self.longest} items.")
        for area in self.areas:
            if area.least > min(area.most or len(area.items), len(area.items)):
                raise ValueError(f"The area “{area.key}” has not {area.least} items that may be asked.")
        return self
