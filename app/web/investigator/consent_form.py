"""The form of a version of the note: texts and a file in each language, side by side; nothing typed is lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from app import attached
from app.attached import MAX_BYTES, File
from app.consents.drafts import KINDS, LONGEST, TEXTS, Draft, Flaw, too_long
from app.consents.models import ConsentVersion
from app.consents.versions import Words
from app.errors import Refusal
from app.web.errors import explained
from app.web.filters import number
from app.web.investigator.post_form import field_id
from app.web.locale import _, lazy
from app.web.texts import language_name

TEXT_NAMES: Mapping[str, Any] = {
    "label": lazy("Name of the version"),
    "reason": lazy("Why people are asked again"),
    "news": lazy("What is new"),
    "note": lazy("The full note"),
}
HINTS: Mapping[str, Any] = {
    "label": lazy("As the sponsor calls it and as it stands on the paper, for example: 2.1 of 3 March."),
    "reason": lazy("For the record, for example what the committee decided and when. Participants do not see it."),
    "news": lazy(
        "In plain words, as short as it can be: what changes for the participant. An empty line begins a new "
        "paragraph; lines that begin with “- ” make a list. Needed when people have to agree again."
    ),
    "note": lazy("All of it, as the committee approved it: as text here, as a PDF below, or both."),
}
FLAWS: Mapping[str, Any] = {
    "missing": lazy("%(text)s is missing."),
    "too-long": lazy("%(text)s is too long: at most %(longest)s characters fit."),
}
IN_LANGUAGE = lazy("%(text)s (%(language)s)")
YES, NO = "yes", "no"
RENEWS: Sequence[tuple[str, Any, Any]] = (
    (
        YES,
        lazy("Yes: those who take part already are asked again"),
        lazy("Each gets a card on the account and one message. Until they answer, everything goes on as before."),
    ),
    (NO, lazy("No: it holds for those who enter from now on"), lazy("Nobody is asked and nobody is written to.")),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a browser sent, with its mistakes.

    ``theirs`` are the texts that somebody else saved meanwhile, ``own_of_theirs`` what the team alone reads of it.
    """

    draft: Draft
    renews: str
    seen: int
    errors: Sequence[tuple[str, str]] = ()
    theirs: Mapping[str, Words] = field(default_factory=dict)
    own_of_theirs: Mapping[str, str] = field(default_factory=dict)

    def error(self, name: str) -> str | None:
        """The mistake of one field."""
        return dict(self.errors).get(name)

    def text(self, text: str, language: str) -> str:
        """What stands in a field."""
        return str(getattr(self.draft.words.get(language, Words()), text))

    def changed_meanwhile(self, text: str, language: str) -> str | None:
        """What is stored now, where it is not what stands in the form."""
        stored = getattr(self.theirs[language], text) if language in self.theirs else None
        return stored if stored is not None and stored != self.text(text, language) else None

    def own_changed_meanwhile(self, name: str) -> str | None:
        """The same for the name, the reason, and whether people are asked again."""
        mine = {"label": self.draft.label, "reason": self.draft.reason, "renews": self.renews}
        stored = self.own_of_theirs.get(name)
        return stored if stored is not None and stored != mine[name] else None


def against(typed: Typed, version: ConsentVersion, stored: Mapping[str, Words], sentence: str) -> Typed:
    """What was typed beside what somebody else has saved meanwhile; the next save may replace it."""
    own = {"label": version.label, "reason": version.reason, "renews": YES if version.needs_renewal else NO}
    errors = [("", sentence), *_choose_again(typed.draft.files)]
    return Typed(typed.draft, typed.renews, version.revision, errors, stored, own)


def read(languages: Iterable[str], seen: int) -> Typed:
    """The form as it was sent, each of its files checked."""
    errors: list[tuple[str, str]] = []
    words: dict[str, Words] = {}
    files: dict[str, File] = {}
    for language in languages:
        words[language] = Words(**{text: _sent(field_id(text, language)) for text in TEXTS})
        try:
            file = _file(language)
        except Refusal as refusal:
            only = _("Only a PDF can be attached here. Save or scan the note as PDF.")
            errors.append((field_id("file", language), only if refusal.code == "document-kind" else _told(refusal)))
        else:
            files |= {language: file} if file is not None else {}
    dropped = [one for one in words if request.form.get(field_id("drop", one)) and one not in files]
    renews = request.form.get("renews", "")
    draft = Draft(_sent("label"), renews == YES, _sent("reason"), words, files, frozenset(dropped))
    if renews not in (YES, NO):
        errors.append(("renews", _("Say whether those who take part already have to agree again.")))
    errors += sentences(too_long(draft))
    return Typed(draft, renews, seen, [*errors, *(_choose_again(files) if errors else [])])


def sentences(flaws: Iterable[Flaw]) -> list[tuple[str, str]]:
    """Flaws as the form shows them: field and sentence."""
    found = []
    for flaw in flaws:
        text = str(TEXT_NAMES[flaw.text])
        if flaw.language:
            text = str(IN_LANGUAGE) % {"text": text, "language": language_name(flaw.language)}
        name = field_id(flaw.text, flaw.language) if flaw.language else flaw.text
        found.append((name, str(FLAWS[flaw.code]) % {"text": text, "longest": number(LONGEST[flaw.text])}))
    return found


def _choose_again(files: Mapping[str, File]) -> list[tuple[str, str]]:
    """A browser sends no file a second time by itself."""
    names = ", ".join(file.name for file in files.values())
    again = _("Please choose the file again: %(names)s. It could not be kept.", names=names)
    return [("", again)] if files else []


def _sent(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _file(language: str) -> File | None:
    sent = request.files.get(field_id("file", language))
    if sent is None or not sent.filename:
        return None
    return attached.checked(sent.filename, sent.stream.read(MAX_BYTES + 1), KINDS)


def _told(refusal: Refusal) -> str:
    return explained(refusal)[1]
