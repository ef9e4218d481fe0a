"""How items are answered: one model per kind of response scale. No wording lives here, only codes and bounds."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import Field, field_validator, model_validator

from app.questionnaires.elements import Frozen, Measure, Number, Text, each_once, is_left_out

NotAnswer: TypeAlias = Literal["not-applicable", "prefer-not-to-answer", "do-not-know"]
NotAnswers = Annotated[Mapping[Number, NotAnswer], Field(max_length=10)]
Options = Annotated[tuple[Number, ...], Field(min_length=2, max_length=50)]


class Coded(Frozen):
    """Answers that are whole numbers out of a list. ``not_answers`` are codes one may choose but that never score."""

    not_answers: NotAnswers = Field(default_factory=dict)

    @property
    def scored(self) -> tuple[int, ...]:
        """The codes that are answers, in the order they are shown."""
        raise NotImplementedError

    @property
    def values(self) -> tuple[int, ...]:
        """Every code one may choose, in the order they are shown; those that are not answers come last."""
        return (*self.scored, *self.not_answers)

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        both = sorted(set(self.scored) & set(self.not_answers))
        if both:
            raise ValueError(f"A code is an answer or it is not: {', '.join(map(str, both))} is in both lists.")
        return self


class Choice(Coded):
    """One answer out of labelled options, each with its numeric code."""

    kind: Literal["choice"]
    options: Options

    @field_validator("options")
    @classmethod
    def _each_once(cls, options: tuple[int, ...]) -> tuple[int, ...]:
        each_once(options)
        return options

    @property
    def scored(self) -> tuple[int, ...]:
        """The allowed codes, in the order they are shown."""
        return self.options


class _Steps(Coded):
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
    def scored(self) -> tuple[int, ...]:
        """The allowed numbers, from the lowest to the highest; no numbers where the bounds are broken."""
        return tuple(range(self.minimum, min(self.maximum, self.minimum + 100) + 1))


class Rating(_Steps):
    """A whole number between two labelled ends, every step shown."""

    kind: Literal["rating"]


class Vas(_Steps):
    """A visual analogue scale: a place on a line between two labelled ends, kept as a whole number."""

    kind: Literal["vas"]


Region: TypeAlias = Literal[
    "head", "neck", "chest", "abdomen", "pelvis", "right-arm", "left-arm", "right-leg", "left-leg", "upper-back",
    "lower-back", "buttocks",
]  # fmt: skip


class Picture(Frozen):
    """A picture of ours beside the list of options, which says nothing that the list does not say.

    ``regions``: the part of the picture that an option stands for; an option may be in none of them.
    """

    name: Literal["body"]
    regions: Annotated[Mapping[Number, Region], Field(min_length=1)]


class Multiple(Frozen):
    """Any number of labelled options. An option in ``exclusive`` ("none of these") stands alone."""

    kind: Literal["multiple"]
    options: Options
    exclusive: tuple[Number, ...] = ()
    at_least: Annotated[int, Field(ge=0, le=50)] = 0
    at_most: Annotated[int, Field(ge=1, le=50)] | None = None
    picture: Picture | None = Field(None, exclude_if=is_left_out)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        each_once(self.options)
        regions = {} if self.picture is None else self.picture.regions
        if foreign := sorted(set(regions) - set(self.options)):
            raise ValueError(f"Only options are in the picture; not an option: {', '.join(map(str, foreign))}.")
        if len(set(regions.values())) < len(regions):
            raise ValueError("Two options cannot be the same region of the picture.")
        if foreign := sorted(set(self.exclusive) - set(self.options)):
            raise ValueError(f"Only options can stand alone; not an option: {', '.join(map(str, foreign))}.")
        return self


class Ranking(Frozen):
    """Options put in order, all of them or the first ``places``."""

    kind: Literal["ranking"]
    options: Options
    places: Annotated[int, Field(ge=1, le=50)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        each_once(self.options)
        if self.places is not None and self.places > len(self.options):
            raise ValueError(f"There are {len(self.options)} options for {self.places} places.")
        return self


class Quantity(Frozen):
    """A number with a unit (UCUM code: kg, cm, min, d) and bounds; ``decimals`` says how finely it is kept."""

    kind: Literal["number"]
    unit: Text
    minimum: Measure
    maximum: Measure
    decimals: Annotated[int, Field(ge=0, le=6)] = 0

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.minimum >= self.maximum:
            raise ValueError(f"The minimum ({self.minimum:g}) must be below the maximum ({self.maximum:g}).")
        return self


class Day(Frozen):
    """A date. ``precision`` is the least that must be given: a year, a month or a day; more may always be given."""

    kind: Literal["date"]
    precision: Literal["year", "month", "day"] = "day"
    earliest: Text | None = None
    latest: Text | None = None

    @field_validator("earliest", "latest")
    @classmethod
    def _is_a_date(cls, written: str | None) -> str | None:
        try:
            return written and date.fromisoformat(written).isoformat()
        except ValueError:
            raise ValueError("Write the date as year-month-day, in quotes: “2026-01-31”.") from None


class Words(Frozen):
    """Free text: one line, or several."""

    kind: Literal["text"]
    length: Literal["short", "long"] = "short"
    at_most: Annotated[int, Field(ge=1, le=10_000)] = 1_000


ResponseScale = Annotated[
    Choice | Rating | Vas | Multiple | Ranking | Quantity | Day | Words, Field(discriminator="kind")
]
RESPONSE_KINDS: frozenset[str] = frozenset(
    kind
    for model in (Choice, Rating, Vas, Multiple, Ranking, Quantity, Day, Words)
    for kind in get_args(model.model_fields["kind"].annotation)
)
