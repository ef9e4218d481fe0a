"""What an instrument is: items, response scales, pages and scales, parsed once and frozen.

No text that a participant reads lives here (that is the wording), and no arithmetic (that is app.scoring).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, NewType

from pydantic import BaseModel, ConfigDict, Field

ItemId = NewType("ItemId", str)
ScaleId = NewType("ScaleId", str)

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Version = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=20)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Frozen(BaseModel):
    """A value that is read once and never changes; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Choice(Frozen):
    """One answer out of labelled options, each with its numeric code."""

    kind: Literal["choice"]
    options: Annotated[tuple[int, ...], Field(min_length=2, max_length=50)]

    @property
    def values(self) -> tuple[int, ...]:
        """The allowed codes, in the order they are shown."""
        return self.options


class Rating(Frozen):
    """A whole number between two labelled ends, every step shown."""

    kind: Literal["rating"]
    minimum: int
    maximum: int

    @property
    def values(self) -> tuple[int, ...]:
        """The allowed numbers, from the lowest to the highest."""
        return tuple(range(self.minimum, self.maximum + 1))


ResponseScale = Annotated[Choice | Rating, Field(discriminator="kind")]


class Item(Frozen):
    """A question: its neutral topic (ours, never the published text) and how it is answered."""

    topic: Text
    response: Key
    recall: Key | None = None


class Page(Frozen):
    """Items shown together where the screen is wide enough."""

    key: Key
    items: Annotated[tuple[ItemId, ...], Field(min_length=1)]


class Scale(Frozen):
    """A set of items scored together into one number from 0 to 100.

    ``reversed`` says that the lowest answers give the highest score; ``better`` says which end of the *score* is the
    good one. ``missing`` names the rule that decides whether enough items are answered.
    """

    title: Text
    items: Annotated[tuple[ItemId, ...], Field(min_length=1)]
    method: Literal["linear"]
    reversed: bool
    missing: Literal["half"]
    better: Literal["high", "low"]


class Licence(Frozen):
    """Under which terms the instrument may be used, and whom to ask."""

    terms: Text
    contact: Text


class Instrument(Frozen):
    """One version of one questionnaire as published: structure and scoring, without its wording."""

    code: Code
    version: Version
    title: Text
    family: Text
    owner: Text
    licence: Licence
    respondent: Literal["self", "proxy", "interviewer"]
    minutes: Annotated[int, Field(ge=1, le=120)]
    recall_periods: Mapping[Key, Text] = Field(default_factory=dict)
    response_scales: Mapping[Key, ResponseScale]
    items: Mapping[ItemId, Item]
    pages: tuple[Page, ...]
    scales: Mapping[ScaleId, Scale]
    references: tuple[Text, ...] = ()

    @property
    def key(self) -> str:
        """Code and version in one word, as protocols name it: ``weshare-core@1.0``."""
        return f"{self.code}@{self.version}"

    @property
    def order(self) -> tuple[ItemId, ...]:
        """All items in the order of the pages."""
        return tuple(item for page in self.pages for item in page.items)

    def response_of(self, item: ItemId) -> Choice | Rating:
        """The response scale of an item; KeyError for an item the instrument does not have."""
        return self.response_scales[self.items[item].response]
