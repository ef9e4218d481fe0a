"""The form of a draft: every text in each of the study's languages, side by side; what was typed is never lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from babel import Locale
from flask import request

from app.announcements.charts import Choice
from app.announcements.drafts import Draft, Flaw, too_long
from app.announcements.kinds import KINDS, LONGEST
from app.announcements.posts import Words
from app.plain_text import clean
from app.web.articles import SECTION_NAMES
from app.web.filters import number
from app.web.locale import _, lazy
from app.web.request import current

TEXT_NAMES: Mapping[str, Any] = {"title": lazy("Title"), "body": lazy("Text"), **SECTION_NAMES}
HINTS: Mapping[str, Any] = {
    "title": lazy("What it is about, in a few words that everybody understands."),
    "body": lazy(
        "Short sentences, no technical terms. An empty line begins a new paragraph; "
        "lines that begin with “- ” make a list. Addresses of web pages are shown, not linked."
    ),
    "who": lazy("The most important conditions, in words that people can check for themselves."),
    "involves": lazy("What is asked of people: visits, treatments, questionnaires; also what may be unpleasant."),
    "duration": lazy("For example: six visits over one year, about an hour each."),
    "contact": lazy("A name, and a phone number or an e-mail address that participants may use."),
}
LONG = ("body", "who", "involves")
AUDIENCE_NAMES: Mapping[str, Any] = {
    "study": lazy("The people who take part in this study"),
    "everybody": lazy("Everybody with an account who wants news of studies, and does not take part in this one"),
    "both": lazy("Both"),
}
FLAWS: Mapping[str, Any] = {
    "missing": lazy("%(text)s in %(language)s is missing."),
    "too-long": lazy("%(text)s in %(language)s is too long: %(length)s characters, and at most %(longest)s fit."),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A draft as it stands in the form, with its mistakes.

    ``seen`` is the revision it began with and ``marks`` are its texts then; ``theirs`` is what was saved meanwhile.
    """

    kind: str
    languages: Sequence[str]
    draft: Draft
    seen: int
    errors: Sequence[tuple[str, str]] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, Words] = field(default_factory=dict)

    def error(self, field: str) -> str | None:
        """The mistake of one field."""
        return dict(self.errors).get(field)

    def changed_meanwhile(self, text: str, language: str) -> str | None:
        """What is stored now, where it is not what stands in the form."""
        stored = getattr(self.theirs[language], text) if language in self.theirs else None
        return stored if stored is not None and stored != value(self.draft, text, language) else None


def field_id(text: str, language: str) -> str:
    """The name of a field, which is its id too."""
    return f"{text}-{language}"


def value(draft: Draft, text: str, language: str) -> str:
    """What stands in a field."""
    return str(getattr(draft.words.get(language, Words()), text))


def language_name(code: str) -> str:
    """A language as the reader calls it."""
    return Locale.parse(code).get_display_name(current.language) or code


def read(kind: str, languages: Iterable[str]) -> Draft:
    """What a browser sent, with Windows line ends as every browser sends them."""
    words = {
        language: Words(
            **{text: request.form.get(field_id(text, language), "").replace("\r\n", "\n") for text in KINDS[kind].texts}
        )
        for language in languages
    }
    return Draft(words, choice(request.form.get("chart", "")), request.form.get("audience", "study"))


def seen() -> int:
    """The revision that the browser had before; 0, which never is one, for nonsense."""
    written = request.form.get("revision", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def goes_to_preview() -> bool:
    """Whether the author saves in order to look at it."""
    return request.form.get("go") == "preview"


def marks(draft: Draft) -> dict[str, str]:
    """What tells later whether a text was changed in the form: a hash of each, by field."""
    texts = {
        field_id(text, language): str(written)
        for language, words in draft.words.items()
        for text, written in asdict(words).items()
    }
    return {name: sha256(clean(text).encode()).hexdigest()[:16] for name, text in texts.items()}


def read_marks(draft: Draft) -> dict[str, str]:
    """The marks that came back with the form."""
    return {name: request.form.get(f"was-{name}", "") for name in marks(draft)}


def merged(typed: Draft, stored: Mapping[str, Words]) -> Draft:
    """What was typed, and where nothing was typed what somebody else has saved meanwhile."""
    now, before = marks(typed), read_marks(typed)
    words = {}
    for language, own in typed.words.items():
        theirs = asdict(stored.get(language, Words()))
        kept = {
            text: theirs[text] for text in theirs if now[field_id(text, language)] == before[field_id(text, language)]
        }
        words[language] = replace(own, **kept)
    return Draft(words, typed.chart, typed.audience)


def choice(written: str) -> Choice | None:
    """A chart out of its field; nothing for no chart."""
    instrument, _slash, scale = written.partition("/")
    return Choice(instrument, scale) if written else None


def mistakes(kind: str, draft: Draft, charts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What keeps a draft from being saved: field and sentence."""
    found = sentences(too_long(kind, draft.words), draft.words)
    known = {key for key, _label in charts}
    if draft.chart is not None and f"{draft.chart.instrument}/{draft.chart.scale}" not in known:
        found.append(("chart", _("This chart does not exist in this study. Please choose one from the list.")))
    return found


def sentences(flaws: Iterable[Flaw], words: Mapping[str, Words]) -> list[tuple[str, str]]:
    """Flaws as the form shows them."""
    return [
        (
            field_id(flaw.text, flaw.language),
            str(FLAWS[flaw.code])
            % {
                "text": TEXT_NAMES[flaw.text],
                "language": language_name(flaw.language),
                "length": number(len(getattr(words.get(flaw.language, Words()), flaw.text))),
                "longest": number(LONGEST[flaw.text]),
            },
        )
        for flaw in flaws
    ]
