"""The small things a protocol's document is made of: keys, titles, periods, hours. No rule lives here."""

import re
from collections.abc import Mapping
from typing import Annotated, NewType

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from app.scheduling.period import Period, parse_period

ArmKey = NewType("ArmKey", str)
EventKey = NewType("EventKey", str)
VisitKey = NewType("VisitKey", str)
InstrumentKey = NewType("InstrumentKey", str)

_KEY = r"^[A-Za-z][A-Za-z0-9_-]*$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_INSTRUMENT = r"^[a-z0-9]+(-[a-z0-9]+)*@[0-9]+(\.[0-9]+)*$"


def _read_period(value: object) -> Period:
    """A period out of the document's text; a Period is taken as it is."""
    if isinstance(value, Period):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("period", "a period is a text such as P6M, P2W or -P7D")
    try:
        return parse_period(value)
    except ValueError as problem:
        raise PydanticCustomError("period", "{problem}", {"problem": str(problem)}) from None


PeriodText = Annotated[Period, PlainValidator(_read_period), PlainSerializer(str, return_type=str)]
KeyText = Annotated[str, Field(pattern=_KEY, max_length=40)]
ArmText = Annotated[ArmKey, Field(pattern=_KEY, max_length=40)]
EventText = Annotated[EventKey, Field(pattern=_KEY, max_length=40)]
VisitText = Annotated[VisitKey, Field(pattern=_KEY, max_length=40)]
InstrumentText = Annotated[InstrumentKey, Field(pattern=_INSTRUMENT, max_length=90)]
Hour = Annotated[int, Field(ge=0, le=23)]
EndHour = Annotated[int, Field(ge=1, le=24)]
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\u2029\u202f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _printable(title: str) -> str:
    """The title itself; a mistake where it holds a character that no file of a protocol could hold."""
    if found := _UNPRINTABLE.search(title):
        code = f"U+{ord(found.group()):04X}"
        raise PydanticCustomError("unprintable", "There is an invisible character ({code}) here.", {"code": code})
    return title


Title = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
Titles = Annotated[
    Mapping[Annotated[str, Field(pattern=_LANGUAGE, max_length=20)], Title],
    Field(min_length=1),
]
Instruments = Annotated[tuple[InstrumentText, ...], Field(strict=False, max_length=50)]  # not strict: lists come in


class Frozen(BaseModel):
    """A value that is read once and never changes; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
