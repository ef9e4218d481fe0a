"""A version of a study's note as participants read it: on their own page and in the team's preview, by one template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.consents import answers, versions
from app.consents.models import ConsentDocument, ConsentVersion
from app.consents.versions import Words
from app.plain_text import Block, blocks
from app.web.articles import other_language
from app.web.locale import lazy
from app.web.request import current

ANSWER_NAMES: Mapping[str, tuple[Any, Any]] = {
    answers.AGREED: (lazy("I agree"), lazy("I have read what is new, and I go on with the study.")),
    answers.REFUSED: (
        lazy("I do not agree"),
        lazy("This alone does not end your participation: your study team asks you what you wish."),
    ),
    answers.TALK_FIRST: (
        lazy("I want to talk to somebody first"),
        lazy("Your study team is told and gets in touch with you. Nothing else changes."),
    ),
}
"""Each choice with what follows from it."""
SAID_NAMES: Mapping[str, Any] = {
    answers.AGREED: lazy("Agreed"),
    answers.REFUSED: lazy("Did not agree"),
    answers.TALK_FIRST: lazy("Wanted to talk first"),
}
WAY_NAMES: Mapping[str, Any] = {
    answers.ONLINE: lazy("On WeShare"),
    answers.ON_PAPER: lazy("On paper"),
    answers.AT_ENROLMENT: lazy("On paper, at enrolment"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader sees; ``lang`` where the texts are not in the language of the page around them."""

    study: str
    contact: str
    label: str
    published_at: datetime | None
    lang: str | None
    spoken: str
    news: tuple[tuple[Block, ...], ...]
    text: tuple[Block, ...]
    document: ConsentDocument | None


def note(version: ConsentVersion, study: str, contact: str, known: int, languages: Sequence[str]) -> Note:
    """The version in the first of some languages in which it is written; what is new since the number ``known``."""
    session = current.session
    words, files = versions.words_of(session, version), versions.documents_of(session, version)
    there = [one for one in languages if one in words] or list(words) or list(languages)
    text, file = words.get(there[0], Words()), files.get(there[0])
    if version.number is None:
        news = [text.news] if text.news else []
    else:
        since = min(known, version.number - 1)
        news = versions.news_since(session, version.study_id, since, version.number, there)
    return Note(
        study=study,
        contact=contact,
        label=version.label,
        published_at=version.published_at,
        lang=other_language(there[0]),
        spoken=there[0],
        news=tuple(blocks(one) for one in news),
        text=blocks(text.note),
        document=file,
    )
