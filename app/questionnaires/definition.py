"""What an instrument is: items, response scales, pages and scales, parsed once and frozen.

No text that a participant reads lives here (that is the wording), and no arithmetic (that is app.scoring).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.questionnaires.adaptive import AdaptiveTest
from app.questionnaires.conditions import Condition
from app.questionnaires.elements import (
    Code,
    FactKey,
    Frozen,
    ItemId,
    ItemKey,
    Key,
    Measure,
    Number,
    ScaleId,
    ScaleKey,
    TableName,
    Text,
    Version,
    is_left_out,
)
from app.questionnaires.interpretation import Codes
from app.questionnaires.response_scales import ResponseScale
from app.questionnaires.scales import AnyScale
from app.questionnaires.tables import Table


class Item(Frozen):
    """A question: its neutral topic (ours, never the published text) and how it is answered.

    ``number`` is the one in print, where it is not the place in the order. ``ask_if``: asked where the condition is
    true. ``skipped`` is the answer that scoring takes where the item was not asked, never where it was left blank.
    """

    topic: Text
    response: Key
    number: Text | None = None
    recall: Key | None = None
    required: bool = False
    ask_if: Condition | None = None
    skipped: Number | None = None
    codes: Codes = Codes()


class Page(Frozen):
    """Items shown together where the screen is wide enough; ``ask_if`` holds for all of them.

    ``grid``: the items share one response scale, and their answers stand in columns where there is room.
    """

    key: Key
    items: Annotated[tuple[ItemId, ...], Field(min_length=1)]
    section: Key | None = None
    ask_if: Condition | None = None
    grid: bool = Field(False, exclude_if=is_left_out)


class Plausibility(Frozen):
    """A check of answers against each other: there is something to say where ``when`` is true.

    ``soft``: the person is asked to look again and may go on; ``hard``: cannot be sent like this.
    """

    key: Key
    level: Literal["soft", "hard"]
    when: Condition
    message: Text
    items: Annotated[tuple[ItemId, ...], Field(min_length=1)]


class Fact(Frozen):
    """What a study knows about a participant and this instrument uses: words out of a list, or a number."""

    title: Text
    values: Annotated[tuple[Text, ...], Field(min_length=2, max_length=50)] | None = None
    minimum: Measure | None = None
    maximum: Measure | None = None

    @model_validator(mode="after")
    def _words_or_bounds(self) -> Self:
        bounds = (self.minimum, self.maximum)
        if (self.values is None) == (None in bounds) or (self.values and bounds != (None, None)):
            raise ValueError("A fact has a list of values, or a minimum and a maximum.")
        return self


class Licence(Frozen):
    """Under which terms the instrument may be used, whom to ask, and whether electronic use needs its own licence."""

    terms: Text
    contact: Text
    electronic: Literal["not-needed", "included", "separate", "ask"] = "ask"
    wording: Literal["free", "by-permission"] = "by-permission"


class Instrument(Frozen):
    """One version of one questionnaire as published: structure and scoring, without its wording.

    ``steps`` are scales that are only computed on the way to others and shown to nobody. ``tables`` hold numbers that
    scales refer to; a file ``<name>.csv`` in the instrument's folder is one too.
    """

    code: Code
    version: Version
    title: Text
    family: Text
    owner: Text
    licence: Licence
    respondent: Literal["self", "proxy", "interviewer"]
    minutes: Annotated[int, Field(ge=1, le=120)]
    used_with: tuple[Code, ...] = ()
    codes: Codes = Codes()
    recall_periods: Mapping[Key, Text] = Field(default_factory=dict)
    facts: Mapping[FactKey, Fact] = Field(default_factory=dict)
    response_scales: Annotated[Mapping[Key, ResponseScale], Field(min_length=1)]
    items: Annotated[Mapping[ItemKey, Item], Field(min_length=1)]
    sections: Mapping[Key, Text] = Field(default_factory=dict)
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]
    checks: tuple[Plausibility, ...] = ()
    recodes: Mapping[Key, Annotated[Mapping[Number, Measure], Field(min_length=1)]] = Field(default_factory=dict)
    tables: Mapping[TableName, Table] = Field(default_factory=dict)
    steps: Mapping[ScaleKey, AnyScale] = Field(default_factory=dict)
    scales: Mapping[ScaleKey, AnyScale]
    adaptive: AdaptiveTest | None = Field(None, exclude_if=is_left_out)
    references: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def key(self) -> str:
        """Code and version in one word, as protocols name it: ``weshare-core@1.0``."""
        return f"{self.code}@{self.version}"

    @cached_property
    def order(self) -> tuple[ItemId, ...]:
        """All items in the order of the pages."""
        return tuple(item for page in self.pages for item in page.items)

    @cached_property
    def adaptive_items(self) -> frozenset[ItemId]:
        """The items of the adaptive test; none where there is no such test."""
        scale = None if self.adaptive is None else self.scales.get(self.adaptive.scale)
        return frozenset(ItemId(item) for item in scale.sources) if scale is not None else frozenset()

    @property
    def computed(self) -> Mapping[ScaleId, AnyScale]:
        """Steps and scales together."""
        return {**self.steps, **self.scales}

    def response_of(self, item: ItemId) -> ResponseScale:
        """The response scale of an item; KeyError for an item the instrument does not have."""
        return self.response_scales[self.items[item].response]
