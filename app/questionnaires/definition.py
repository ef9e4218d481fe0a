"""What an instrument is: items, response scales, pages and scales, parsed once and frozen.

No text that a participant reads lives here (that is the wording), and no arithmetic (that is app.scoring).
"""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, NewType, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

ItemId = NewType("ItemId", str)
ScaleId = NewType("ScaleId", str)

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
VERSION = r"^[0-9]+(\.[0-9]+)*$"
KEY = r"^[A-Za-z][A-Za-z0-9_]*$"
_MARKUP = re.compile(r"<[A-Za-z/!?]|&[A-Za-z]+;|&#|\{\{|\{%")


def plain_text(text: str) -> str:
    """The text itself; ValueError where it is blank, or where a page could mistake it for markup or for a template."""
    if not text.strip():
        raise ValueError("A text is needed here, and only blanks are written.")
    if found := _MARKUP.search(text):
        raise ValueError(f"Write plain text: “{found.group()}” looks like markup, and markup is never shown.")
    return text


Code = Annotated[str, Field(pattern=CODE, max_length=60)]
Version = Annotated[str, Field(pattern=VERSION, max_length=20)]
Key = Annotated[str, Field(pattern=KEY, max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(plain_text)]
Number = Annotated[int, Field(ge=-999, le=9999)]


class Frozen(BaseModel):
    """A value that is read once and never changes; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content: blind to comments, quotes and layout of a file, not to the order of its entries."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
        return sha256(content.encode()).hexdigest()


class Choice(Frozen):
    """One answer out of labelled options, each with its numeric code."""

    kind: Literal["choice"]
    options: Annotated[tuple[Number, ...], Field(min_length=2, max_length=50)]

    @field_validator("options")
    @classmethod
    def _each_once(cls, options: tuple[int, ...]) -> tuple[int, ...]:
        twice = sorted({option for option in options if options.count(option) > 1})
        if twice:
            raise ValueError(f"Each option is written once; written more than once: {', '.join(map(str, twice))}.")
        return options

    @property
    def values(self) -> tuple[int, ...]:
        """The allowed codes, in the order they are shown."""
        return self.options


class Rating(Frozen):
    """A whole number between two labelled ends, every step shown."""

    kind: Literal["rating"]
    minimum: Number
    maximum: Number

    @model_validator(mode="after")
    def _a_few_steps(self) -> Self:
        if self.minimum >= self.maximum:
            raise ValueError(f"The minimum ({self.minimum}) must be below the maximum ({self.maximum}).")
        if self.maximum - self.minimum > 100:
            raise ValueError("A rating has at most 101 steps, because every step is shown.")
        return self

    @property
    def values(self) -> tuple[int, ...]:
        """The allowed numbers, from the lowest to the highest."""
        return tuple(range(self.minimum, self.maximum + 1))


ResponseScale = Annotated[Choice | Rating, Field(discriminator="kind")]
RESPONSE_KINDS: frozenset[str] = frozenset(
    kind for model in (Choice, Rating) for kind in get_args(model.model_fields["kind"].annotation)
)


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
    response_scales: Annotated[Mapping[Key, ResponseScale], Field(min_length=1)]
    items: Annotated[Mapping[Annotated[ItemId, Field(pattern=KEY, max_length=40)], Item], Field(min_length=1)]
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]
    scales: Mapping[Annotated[ScaleId, Field(pattern=KEY, max_length=40)], Scale]
    references: tuple[Text, ...] = ()

    @property
    def key(self) -> str:
        """Code and version in one word, as protocols name it: ``weshare-core@1.0``."""
        return f"{self.code}@{self.version}"

    @cached_property
    def order(self) -> tuple[ItemId, ...]:
        """All items in the order of the pages."""
        return tuple(item for page in self.pages for item in page.items)

    def response_of(self, item: ItemId) -> Choice | Rating:
        """The response scale of an item; KeyError for an item the instrument does not have."""
        return self.response_scales[self.items[item].response]
