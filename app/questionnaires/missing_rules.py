"""The rules about missing answers that a definition can name, and how many answers each needs."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
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


def needed(rule: MissingRule, of: int) -> int:
    """The smallest number of answers out of ``of`` that the rule asks for; it may be more than there are.

    "half" is 1 of 1, 1 of 2, 2 of 3, 3 of 5 (Fayers et al., EORTC QLQ-C30 Scoring Manual, 3rd edition, 2001, "Missing
    items"); "more-than-half" is 2 of 2, 2 of 3 and 4 of 7 (FACIT). Shares are exact: more than 0.8 of 15 is 13.
    """
    if isinstance(rule, str):
        return NAMED[rule](of)
    name = next(iter(rule.model_fields_set))
    return COUNTED[name](getattr(rule, name), of)


def _share(number: float) -> Fraction:
    """0.8 as four fifths; the float itself is a little more."""
    return Fraction(str(number))


NAMED: Mapping[str, Callable[[int], int]] = {
    "half": lambda of: (of + 1) // 2,
    "more-than-half": lambda of: of // 2 + 1,
    "all": lambda of: of,
    "any": lambda of: min(of, 1),
}
COUNTED: Mapping[str, Callable[[float, int], int]] = {
    "at_least": lambda number, _of: int(number),
    "at_most_missing": lambda number, of: max(of - int(number), 1),
    "share_at_least": lambda share, of: max(ceil(_share(share) * of), 1),
    "share_above": lambda share, of: floor(_share(share) * of) + 1,
}
