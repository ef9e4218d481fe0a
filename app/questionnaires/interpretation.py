"""What a score means, as published: thresholds, minimal important differences, reference values, codes.

Nothing here changes a number. What is ``to-confirm`` is shown to nobody until a data manager has checked its source.
"""

from typing import Annotated, Literal

from pydantic import Field

from app.questionnaires.conditions import Condition
from app.questionnaires.elements import Frozen, Key, Measure, Text

Status = Literal["confirmed", "to-confirm"]


class Codes(Frozen):
    """What others call the same thing: LOINC and SNOMED CT, where known."""

    loinc: Annotated[str, Field(pattern=r"^[0-9]{1,7}-[0-9]$")] | None = None
    snomed: Annotated[str, Field(pattern=r"^[0-9]{6,18}$")] | None = None


class Sourced(Frozen):
    """A statement out of a publication, with the publication and with how sure we are of having read it right."""

    source: Text
    status: Status


class Threshold(Sourced):
    """A value from which on a score means something: ``{key: severe, title: ..., at: ge, value: 20, ...}``.

    ``only_if`` limits it to some people ("men").
    """

    key: Key
    title: Text
    at: Literal["ge", "gt", "le", "lt"]
    value: Measure
    only_if: Condition | None = None


class ImportantChange(Sourced):
    """The smallest difference that matters: in ``points`` of the scale, for people who get better, worse or either."""

    key: Key
    title: Text
    points: Annotated[Measure, Field(gt=0)]
    direction: Literal["better", "worse", "either"]


class ReferenceValue(Sourced):
    """What a described population scores."""

    population: Text
    mean: Measure
    sd: Annotated[Measure, Field(gt=0)] | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    only_if: Condition | None = None
