"""A version of a study's note is written: started, saved without overwriting anybody, discarded, published once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import once
from app.attached import File
from app.consents import versions
from app.consents.models import ConsentDocument, ConsentText, ConsentVersion
from app.consents.versions import Words
from app.errors import Refusal
from app.plain_text import clean
from app.studies.models import Study

KINDS: Final = ("pdf",)
"""What a note can be attached as: every device can show it."""
LONGEST: Final[Mapping[str, int]] = {"label": 60, "reason": 1_000, "news": 4_000, "note": 60_000}
"""Every text of a version with its greatest number of characters; the first two are the team's own."""
TEXTS: Final = ("news", "note")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author decides: the texts by language, new files, and the languages whose file is taken away."""

    label: str
    needs_renewal: bool
    reason: str
    words: Mapping[str, Words]
    files: Mapping[str, File] = field(default_factory=dict)
    without_file: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Flaw:
    """One text that keeps a draft from being saved (``too-long``) or published (``missing``).

    What only the team reads has no language.
    """

    text: str
    language: str
    code: Literal["missing", "too-long"]


def start(session: Session, study_id: int, draft: Draft, by: int, at: datetime) -> ConsentVersion:
    """A new draft. Refusal("text-too-long")."""
    _refuse_too_long(draft)
    version = ConsentVersion(
        key=secrets.token_urlsafe(16), study_id=study_id, created_at=at, created_by=by, saved_at=at, saved_by=by
    )
    version.label, version.reason, version.needs_renewal = clean(draft.label), clean(draft.reason), draft.needs_renewal
    session.add(version)
    session.flush()
    _write(session, version, draft, by, at)
    return version


def save(session: Session, version: ConsentVersion, draft: Draft, seen: int, by: int, at: datetime) -> None:
    """Replace a draft by what was written on its revision ``seen``; nothing is overwritten that the author did not see.

    What is stored already, as after a double click, is no conflict. Refusals: ``already-published``, ``draft-changed``,
    ``text-too-long``.
    """
    _refuse_too_long(draft)
    kept = {"label": clean(draft.label), "reason": clean(draft.reason), "needs_renewal": draft.needs_renewal}
    try:
        _claim(session, version, seen, {"saved_at": at, "saved_by": by, **kept})
    except Refusal:
        if version.number is None and _is_stored(session, version, draft, kept):
            return
        raise
    _write(session, version, draft, by, at)


def publish(session: Session, version: ConsentVersion, seen: int, by: int, at: datetime) -> None:
    """From now on the revision ``seen`` is the study's note, for good, under its next number.

    Refusals: ``already-published``, ``draft-changed``, ``consent-incomplete``.
    """
    # Two drafts published at the same instant: the second one waits here for its number.
    study = session.get_one(Study, version.study_id, with_for_update=True)
    if missing(session, version, study.languages):
        raise Refusal("consent-incomplete")
    last = select(func.max(ConsentVersion.number)).where(ConsentVersion.study_id == version.study_id)
    number = (session.scalar(last) or 0) + 1
    _claim(session, version, seen, {"number": number, "published_at": at, "published_by": by})


def discard(session: Session, version: ConsentVersion, seen: int) -> None:
    """Throw the revision ``seen`` of a draft away. Refusals: ``already-published``, ``draft-changed``."""
    _claim(session, version, seen, {})
    for part in (ConsentText, ConsentDocument):
        session.execute(delete(part).where(part.version_id == version.id))
    session.delete(version)
    session.flush()


def missing(session: Session, version: ConsentVersion, languages: Sequence[str]) -> list[Flaw]:
    """What a draft still needs: a name, the note in each language as text or file, and why people are asked anew."""
    words, files = versions.words_of(session, version), versions.documents_of(session, version)
    own = ("label", "reason") if version.needs_renewal else ("label",)
    found = [Flaw(text, "", "missing") for text in own if not getattr(version, text)]
    for language in languages:
        written = words.get(language, Words())
        if version.needs_renewal and not written.news:
            found.append(Flaw("news", language, "missing"))
        if not written.note and language not in files:
            found.append(Flaw("note", language, "missing"))
    return found


def too_long(draft: Draft) -> list[Flaw]:
    """The texts that cannot be kept."""
    own = {(text, ""): str(getattr(draft, text)) for text in ("label", "reason")}
    written = {(text, language): str(getattr(words, text)) for language, words in draft.words.items() for text in TEXTS}
    return [
        Flaw(text, language, "too-long")
        for (text, language), words in {**own, **written}.items()
        if len(clean(words)) > LONGEST[text]
    ]


def _refuse_too_long(draft: Draft) -> None:
    if too_long(draft):
        raise Refusal("text-too-long")


def _claim(session: Session, version: ConsentVersion, seen: int, values: Mapping[str, object]) -> None:
    """Change the draft if it still is the one that was seen."""
    still = (ConsentVersion.revision == seen, ConsentVersion.number.is_(None))
    if not once.change(session, version, still, {"revision": seen + 1, **values}):
        raise Refusal("draft-changed" if version.number is None else "already-published")


def _is_stored(session: Session, version: ConsentVersion, draft: Draft, kept: Mapping[str, object]) -> bool:
    words = {language: Words(clean(one.news), clean(one.note)) for language, one in draft.words.items()}
    files = {language: file.content_hash for language, file in versions.documents_of(session, version).items()}
    return (
        all(getattr(version, name) == value for name, value in kept.items())
        and words == versions.words_of(session, version)
        and all(files.get(language) == file.content_hash for language, file in draft.files.items())
        and not draft.without_file & files.keys()
    )


def _write(session: Session, version: ConsentVersion, draft: Draft, by: int, at: datetime) -> None:
    there = {row.language: row for row in session.scalars(select(ConsentText).filter_by(version_id=version.id))}
    for language, written in draft.words.items():
        row = there.get(language)
        if row is None:
            row = ConsentText(version_id=version.id, language=language)
            session.add(row)
        row.news, row.note = clean(written.news), clean(written.note)
    replaced = ConsentDocument.language.in_([*draft.files, *draft.without_file])
    session.execute(delete(ConsentDocument).where(ConsentDocument.version_id == version.id, replaced))
    for language, file in draft.files.items():
        document = ConsentDocument(version_id=version.id, language=language, name=file.name, kind=file.kind)
        document.size, document.content, document.content_hash = len(file.content), file.content, file.content_hash
        document.attached_by, document.attached_at = by, at
        session.add(document)
    session.flush()
