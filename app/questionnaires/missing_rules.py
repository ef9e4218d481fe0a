"""The rules about missing answers that a definition can name; how many answers each needs is in app.scoring.missing."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from app.questionnaires.elements import Frozen

NamedRule: TypeAlias = Literal["half", "more-than-half", "all", "any"]
Share = Annotated[float, Field(ge=0, le=1)]


class CountedRule(Frozen):
    """A rule with a number of its own; exactly one of these.

    ``at_least`` answers; ``at_most_missing`` answers missing; a ``share_at_least``, or strictly a ``share_above``, of
    all items answered.
    """

    at_least: Annotated[int, Field(ge=1, le=1_000)] | None = None
    at_most_missing: Annotated[int, Field(ge=0, le=1_000)] | None = None
    share_at_least: Share | None = None
    share_above: Share | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"Write exactly one of: {', '.join(type(self).model_fields)}.")
        return self


def _shape(raw: Any) -> str:
    return "named" if isinstance(raw, str) else "counted"


MissingRule: TypeAlias = Annotated[
    Annotated[NamedRule, Tag("named")] | Annotated[CountedRule, Tag("counted")], Discriminator(_shape)
]
