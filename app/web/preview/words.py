"""Small words of a preview: the answers of the review, hints at what is missing, names of languages."""

from collections.abc import Mapping
from typing import Any

from babel import Locale

from app.questionnaires.answers import Declined
from app.questionnaires.elements import ItemId
from app.web import instrument_form, question_words
from app.web.instrument_form import Question
from app.web.locale import _, reading_in
from app.web.preview.shown import TOPICS, Preview
from app.web.request import current


def language_name(code: str) -> str:
    """What a language is called in the reader's; the topics are none."""
    if code == TOPICS:
        return _("Topics")
    name = Locale.parse(code, sep="-").get_display_name(current.language) or code
    return name[:1].upper() + name[1:]


def answers_of(preview: Preview) -> dict[ItemId, str]:
    """Every answer in words, in the language of the wording."""
    with reading_in(preview.wording.language):
        return {
            item: str(question_words.WITHOUT[answer])
            if isinstance(answer, Declined)
            else instrument_form.label(preview.instrument, preview.wording, item, answer)
            for item, answer in preview.tried.answers.items()
        }


def errors(preview: Preview, asked: list[Question], *, hints: bool, typed: Any | None) -> Mapping[ItemId, str]:
    """A sentence for each question without an answer, where one is asked for, or with one that is not possible."""
    if typed is not None:
        items = tuple(one.item for one in asked)
        return instrument_form.read(preview.instrument, items, typed).refused
    if not hints:
        return {}
    missing = (one for one in asked if one.item not in preview.tried.answers)
    return {one.item: str(question_words.MISSING[one.kind][not one.is_declinable]) for one in missing}
