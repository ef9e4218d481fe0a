"""What each part of an instrument is called in the languages of an export; topics, marked as such, without wording."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.questionnaires.definition import Instrument, Page
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.wording import ScaleText, Wording

Label: TypeAlias = Mapping[str, str]
"""One text by language, the export's first language first."""

PREVIEW_LANGUAGE: Final = "en"
PREVIEW: Final = "Preview: topics of our own stand for the questions. The wording is not installed."


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one instrument. ``wordings`` by language, in the order of the export; empty: a preview."""

    instrument: Instrument
    wordings: Mapping[str, Wording]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are, the first one being the file's own."""
        return tuple(self.wordings) or (PREVIEW_LANGUAGE,)

    @property
    def is_preview(self) -> bool:
        """Are these topics instead of the validated text?"""
        return not self.wordings or any(one.provenance.kind == "preview" for one in self.wordings.values())

    def title(self) -> Label:
        """The name of the questionnaire."""
        return self._label(lambda wording: wording.title, self.instrument.title)

    def introduction(self) -> Label:
        """What is read before the first question; a preview says that it is one."""
        return self._label(lambda wording: wording.introduction, PREVIEW)

    def thanks(self) -> Label:
        """What is read after the last question; nothing in a preview."""
        return {language: one.thanks for language, one in self.wordings.items()}

    def page(self, page: Page) -> Label:
        """The heading of a page."""
        return self._label(lambda wording: wording.page_text(page.key), page.key)

    def recall(self, period: str) -> Label:
        """The period a question asks about."""
        return self._label(lambda wording: wording.recall_periods[period], self.instrument.recall_periods[period])

    def item(self, item: ItemId) -> Label:
        """The question."""
        return self._label(lambda wording: wording.item_text(item), self.instrument.items[item].topic)

    def option(self, response: str, code: int) -> Label:
        """The label of one answer; its number where it has none."""
        return self._label(lambda wording: wording.option_text(response, code) or str(code), str(code))

    def ends(self, response: str) -> tuple[Label, Label] | None:
        """The labels of the two ends of a rating or a line; None without wording."""
        pairs = {language: pair for language, one in self.wordings.items() if (pair := one.ends(response))}
        if not pairs:
            return None
        return tuple({language: pair[end] for language, pair in pairs.items()} for end in (0, 1))  # type: ignore[return-value]

    def scale(self, scale: ScaleId) -> Label:
        """The name of a score."""
        title = self.instrument.computed[scale].title
        return self._label(lambda wording: wording.scales[scale].name if scale in wording.scales else title, title)

    def scale_texts(self, scale: ScaleId) -> list[tuple[str, ScaleText]]:
        """All texts of a score by language; none without wording."""
        return [(language, one.scales[scale]) for language, one in self.wordings.items() if scale in one.scales]

    def check(self, key: str, message: str) -> Label:
        """What a check of the answers says."""
        return self._label(lambda wording: wording.checks.get(key, message), message)

    def _label(self, read: Callable[[Wording], str], topic: str) -> Label:
        return {language: read(one) for language, one in self.wordings.items()} or {PREVIEW_LANGUAGE: topic}
