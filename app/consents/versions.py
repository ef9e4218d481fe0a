"""Which versions of its note a study has: drafts, the one in force, and the last one that needs a new agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.consents.models import ConsentDocument, ConsentText, ConsentVersion
from app.studies.queries import storable


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a version in one language."""

    news: str = ""
    note: str = ""


def find(session: Session, study_id: int, key: str) -> ConsentVersion | None:
    """The study's version of that key; another study's does not exist."""
    mine = (ConsentVersion.key == storable(key), ConsentVersion.study_id == study_id)
    return session.scalar(select(ConsentVersion).where(*mine))


def of_study(session: Session, study_id: int) -> Sequence[ConsentVersion]:
    """Drafts first, then what was published, the newest first."""
    newest = (ConsentVersion.number.is_not(None), ConsentVersion.number.desc(), ConsentVersion.id.desc())
    return session.scalars(select(ConsentVersion).where(ConsentVersion.study_id == study_id).order_by(*newest)).all()


def published(session: Session, study_id: int) -> Sequence[ConsentVersion]:
    """What was published, the newest first: that one is in force."""
    return session.scalars(_published(study_id)).all()


def numbered(session: Session, study_id: int, number: int) -> ConsentVersion | None:
    """The published version of that number."""
    return session.scalar(_published(study_id).where(ConsentVersion.number == number))


def renewal(session: Session, study_id: int, *, to_write: bool = False) -> ConsentVersion | None:
    """The last version that those who took part before have to agree to; agreeing to a later one is as good.

    ``to_write``: nobody else is telling it at this instant.
    """
    last = _published(study_id).where(ConsentVersion.needs_renewal).limit(1)
    return session.scalar(last.with_for_update() if to_write else last)


def words_of(session: Session, version: ConsentVersion) -> dict[str, Words]:
    """What is written so far, by language."""
    rows = session.scalars(select(ConsentText).where(ConsentText.version_id == version.id))
    return {row.language: Words(row.news, row.note) for row in rows}


def news_since(session: Session, study_id: int, after: int, until: int, languages: Sequence[str]) -> list[str]:
    """What is new in the versions after one and up to another, the newest first, each in a wanted language if any."""
    rows = session.execute(
        select(ConsentVersion.number, ConsentText.language, ConsentText.news)
        .join(ConsentText, ConsentText.version_id == ConsentVersion.id)
        .where(ConsentVersion.study_id == study_id, ConsentVersion.number > after, ConsentVersion.number <= until)
        .order_by(ConsentVersion.number.desc())
    )
    found: dict[int, dict[str, str]] = {}
    for number, language, news in rows:
        if number is not None and news:
            found.setdefault(number, {})[language] = news
    return [spoken(texts, languages)[1] for texts in found.values()]


def documents_of(session: Session, version: ConsentVersion) -> dict[str, ConsentDocument]:
    """The attached files by language, without their content."""
    rows = session.scalars(select(ConsentDocument).where(ConsentDocument.version_id == version.id))
    return {row.language: row for row in rows}


def spoken(texts: Mapping[str, str], languages: Sequence[str]) -> tuple[str, str]:
    """The first wanted language that there is a text in, and the text."""
    return next(((one, texts[one]) for one in languages if one in texts), next(iter(texts.items())))


def in_force(found: Sequence[ConsentVersion], at: datetime) -> ConsentVersion | None:
    """Of published versions, the newest first, the one that holds at an instant."""
    return next((one for one in found if one.published_at is not None and one.published_at <= at), None)


def _published(study_id: int) -> Select[ConsentVersion]:
    of_it = (ConsentVersion.study_id == study_id, ConsentVersion.number.is_not(None))
    return select(ConsentVersion).where(*of_it).order_by(ConsentVersion.number.desc())
