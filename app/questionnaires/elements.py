"""What every model of an instrument file is made of: names, plain texts, numbers, and the frozen base."""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, NewType, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from app.questionnaires.sayings import saying

ItemId = NewType("ItemId", str)
ScaleId = NewType("ScaleId", str)
FactId = NewType("FactId", str)

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
VERSION = r"^[0-9]+(\.[0-9]+)*$"
KEY = r"^[A-Za-z][A-Za-z0-9_]*$"
TABLE_NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
_MARKUP = re.compile(r"<[A-Za-z/!?]|&[A-Za-z]+;|&#|\{\{|\{%")


def plain_text(text: str) -> str:
    """The text itself; ValueError where it is blank, or where a page could mistake it for markup or for a template."""
    if not text.strip():
        raise ValueError(saying("A text is needed here, and only blanks are written."))
    if found := _MARKUP.search(text):
        raise ValueError(
            saying("Write plain text: “%(found)s” looks like markup, and markup is never shown.", found=found.group())
        )
    return text


LARGEST = 1_000_000


def constant(raw: object) -> float | str:
    """A number or a text, as a comparison or a table cell holds it; ValueError for anything else."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) <= LARGEST:
        return float(raw)
    if isinstance(raw, str):
        return plain_text(raw)
    raise ValueError(f"A number (up to {LARGEST}) or a text in quotes is needed here.")


Code = Annotated[str, Field(pattern=CODE, max_length=60)]
Version = Annotated[str, Field(pattern=VERSION, max_length=20)]
Key = Annotated[str, Field(pattern=KEY, max_length=40)]
TableName = Annotated[str, Field(pattern=TABLE_NAME, max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(plain_text)]
Number = Annotated[int, Field(ge=-999, le=9999)]
Measure = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Constant: TypeAlias = Annotated[float | str, PlainValidator(constant)]
ItemKey = Annotated[ItemId, Field(pattern=KEY, max_length=40)]
ScaleKey = Annotated[ScaleId, Field(pattern=KEY, max_length=40)]
FactKey = Annotated[FactId, Field(pattern=KEY, max_length=40)]


def is_left_out(value: object) -> bool:
    """For a key that came to the language later: where it is not used, the content and its hash are as before."""
    return not value


class Frozen(BaseModel):
    """A value that is read once and never changes; an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content: blind to comments, quotes and layout of a file, not to the order of its entries."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
        return sha256(content.encode()).hexdigest()


def each_once(numbers: Iterable[int]) -> None:
    """ValueError that lists the numbers written more than once."""
    listed = tuple(numbers)
    twice = sorted({number for number in listed if listed.count(number) > 1}) if len(listed) <= 100 else []
    if twice:
        raise ValueError(f"Each option is written once; written more than once: {', '.join(map(str, twice))}.")
