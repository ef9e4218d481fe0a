"""The text of one instrument version in one language: what a participant reads, and where it comes from."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, SerializerFunctionWrapHandler, Tag, model_serializer

from app.questionnaires.definition import Instrument, Plausibility
from app.questionnaires.elements import Code, Frozen, ItemId, Key, ScaleId, Text, Version
from app.questionnaires.sayings import saying
from app.questionnaires.schema import parse
from app.questionnaires.wording_checks import checks
from app.questionnaires.yaml_source import read

LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"
Language = Annotated[str, Field(pattern=LANGUAGE)]


def _date(written: object) -> date:
    try:
        return written if isinstance(written, date) else date.fromisoformat(str(written))
    except ValueError:
        raise ValueError(saying("Write the date as year-month-day: 2026-01-31.")) from None


class Provenance(Frozen):
    """Where the text comes from. ``preview``: neutral topics of our own, shown as such, never used in a live study.

    A licensed text says which version of the owner's translation it is and under which licence it is used here;
    ``certificate`` names the document that tells how it was translated and tested, where the owner gives one.
    """

    kind: Literal["own", "licensed", "preview"]
    author: Text
    date: Annotated[date, BeforeValidator(_date)]
    translation_version: Text | None = None
    certificate: Text | None = None
    licence_number: Text | None = None

    @model_serializer(mode="wrap")
    def _only_what_is_written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # What is not written is no part of the content, so that hashes frozen with answers stay the same.
        return {name: value for name, value in write(self).items() if value is not None}


class OptionsText(Frozen):
    """The label of each option of a choice."""

    options: Mapping[int, Text]


class EndsText(Frozen):
    """The labels of the two ends of a rating or a line, and of the codes beside it that are not answers."""

    low: Text
    high: Text
    not_answers: Mapping[int, Text] = Field(default_factory=dict)


class ScaleText(Frozen):
    """A scale on the results page, where higher always means better: ``low`` is what 0 means there, ``high`` 100."""

    name: Text
    explanation: Text
    low: Text
    high: Text


def _variant(raw: Any) -> str:
    """Which kind of response scale a text belongs to, told by its shape: the file does not repeat the kind."""
    return "choice" if isinstance(raw, OptionsText) or (isinstance(raw, Mapping) and "options" in raw) else "rating"


ResponseText: TypeAlias = Annotated[
    Annotated[OptionsText, Tag("choice")] | Annotated[EndsText, Tag("rating")], Discriminator(_variant)
]


class Wording(Frozen):
    """One wording, complete for its instrument: parse_wording lets nothing be missing and nothing be left over."""

    instrument: Code
    version: Version
    language: Language
    wording_version: Version
    provenance: Provenance
    title: Text
    introduction: Text
    thanks: Text
    recall_periods: Mapping[Key, Text] = Field(default_factory=dict)
    response_scales: Mapping[Key, ResponseText]
    pages: Mapping[Key, Text]
    items: Mapping[ItemId, Text]
    scales: Mapping[ScaleId, ScaleText]
    checks: Mapping[Key, Text] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """Instrument, language and wording version in one word, as a submission keeps it: ``weshare-core@1.0/fr@1``."""
        return f"{self.instrument_key}/{self.language}@{self.wording_version}"

    @property
    def instrument_key(self) -> str:
        """The key of the instrument that this text belongs to: ``weshare-core@1.0``."""
        return f"{self.instrument}@{self.version}"

    def item_text(self, item: ItemId) -> str:
        """The question; KeyError for an item the instrument does not have."""
        return self.items[item]

    def page_text(self, page: str) -> str:
        """The heading of a page; KeyError for a page the instrument does not have."""
        return self.pages[page]

    def option_text(self, response: str, value: int) -> str | None:
        """The label of one answer; None for a rating, whose answers are bare numbers, and for no option."""
        text = self.response_scales[response]
        return (text.options if isinstance(text, OptionsText) else text.not_answers).get(value)

    def ends(self, response: str) -> tuple[str, str] | None:
        """The labels of the lowest and the highest answer of a rating; None for a choice."""
        text = self.response_scales[response]
        return (text.low, text.high) if isinstance(text, EndsText) else None

    def check_text(self, check: Plausibility) -> str:
        """What a check says; the definition's own sentence where the wording has none."""
        return self.checks.get(check.key, check.message)

    def recall_of(self, instrument: Instrument, item: ItemId) -> str | None:
        """The period an item asks about, in words; None where it names none."""
        period = instrument.items[item].recall
        return None if period is None else self.recall_periods[period]


def parse_wording(text: str | bytes, path: str, instrument: Instrument | None, language: str | None = None) -> Wording:
    """The wording in the text of a wording file. Raises BrokenFile with every mistake.

    ``instrument`` is what the wording must fit; None (its own file is broken) checks the shape only. ``language`` is
    what the name of the file says, if it has one.
    """
    return parse(Wording, read(text, path), checks(instrument, language))
