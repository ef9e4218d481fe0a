"""Conditions: one tree of operators over answers, scores and participant facts, shared by routing, checks and scoring.

A leaf compares one value with a constant, as FHIR's ``enableWhen`` does; ``and``/``or`` are its enableBehavior.
What a tree means is in rules.py.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Self, TypeAlias, TypeVar

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from app.questionnaires.elements import Constant, FactKey, Frozen, ItemKey, Measure, ScaleKey

Node = TypeVar("Node")
MOST_PARTS: Final = 100
SUBJECTS: Final = ("answer", "score", "fact")
OPERATORS: Final = ("eq", "ne", "lt", "le", "gt", "ge", "in", "answered")


class _Aliased(Frozen):
    model_config = ConfigDict(populate_by_name=True)


class Test(_Aliased):
    """One comparison: ``{answer: q45, eq: 1}``, ``{score: PF, lt: 50}``, ``{fact: sex, eq: female}``.

    ``in`` holds a list. ``answered: true`` holds where the value is there, ``false`` where it is not; all other
    operators are unknown where the value is missing.
    """

    answer: ItemKey | None = None
    score: ScaleKey | None = None
    fact: FactKey | None = None
    eq: Constant | None = None
    ne: Constant | None = None
    lt: Measure | None = None
    le: Measure | None = None
    gt: Measure | None = None
    ge: Measure | None = None
    in_: Annotated[tuple[Constant, ...], Field(min_length=1, max_length=100)] | None = Field(None, alias="in")
    answered: bool | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        for words in (SUBJECTS, OPERATORS):
            if sum(self._at(word) is not None for word in words) != 1:
                raise ValueError(f"A condition has exactly one of {', '.join(words)}.")
        return self

    @property
    def subject(self) -> tuple[str, str]:
        """What is looked at: its kind and its name."""
        return next((word, str(self._at(word))) for word in SUBJECTS if self._at(word) is not None)

    @property
    def operator(self) -> tuple[str, Any]:
        """The operator and the constant it compares with."""
        return next((word, self._at(word)) for word in OPERATORS if self._at(word) is not None)

    def _at(self, word: str) -> object:
        return getattr(self, "in_" if word == "in" else word)


def some_parts(node: Node, parts: tuple[object, ...]) -> Node:
    """The node; ValueError where it joins nothing, or more than anybody reads."""
    if not 1 <= len(parts) <= MOST_PARTS:
        raise ValueError(f"Write 1 to {MOST_PARTS} conditions here.")
    return node


class And(_Aliased):
    """True where every part is true, false where one is false, unknown otherwise."""

    and_: tuple["Condition", ...] = Field(alias="and")

    @model_validator(mode="after")
    def _has_parts(self) -> Self:
        return some_parts(self, self.and_)


class Or(_Aliased):
    """True where one part is true, false where every part is false, unknown otherwise."""

    or_: tuple["Condition", ...] = Field(alias="or")

    @model_validator(mode="after")
    def _has_parts(self) -> Self:
        return some_parts(self, self.or_)


class Not(_Aliased):
    """True where the part is false; unknown stays unknown."""

    not_: "Condition" = Field(alias="not")


def _shape(raw: Any) -> str:
    """Which kind of node a piece of a condition is: told by its key."""
    if isinstance(raw, Mapping):
        return next((word for word in ("and", "or", "not") if word in raw), "test")
    return next((word for model, word in ((And, "and"), (Or, "or"), (Not, "not")) if isinstance(raw, model)), "test")


Condition: TypeAlias = Annotated[
    Annotated[And, Tag("and")] | Annotated[Or, Tag("or")] | Annotated[Not, Tag("not")] | Annotated[Test, Tag("test")],
    Discriminator(_shape),
]
And.model_rebuild()
Or.model_rebuild()
Not.model_rebuild()


def tests(condition: "And | Or | Not | Test | None") -> Iterator[Test]:
    """Every comparison of a condition; none where there is no condition."""
    match condition:
        case Test():
            yield condition
        case Not():
            yield from tests(condition.not_)
        case And() | Or():
            for part in condition.and_ if isinstance(condition, And) else condition.or_:
                yield from tests(part)
