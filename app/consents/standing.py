"""Where people stand with the versions that they have to agree to: one person, or the counts and lists of a study.

What somebody said last to the last version that needs a new agreement, or to a later one, is where they stand. Nobody's
participation changes by it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, case, cast, func, select
from sqlalchemy.orm import Session, aliased

from app.consents import answers, versions
from app.consents.answers import AGREED, ANSWERS, REFUSED, TALK_FIRST, Said
from app.consents.asking import has_answered
from app.consents.models import ConsentAnswer, ConsentVersion
from app.participants import limits
from app.participants.models import Participant
from app.studies.models import Study
from app.studies.queries import storable

UNANSWERED: Final = "unanswered"
STATES: Final = (AGREED, UNANSWERED, TALK_FIRST, REFUSED)

# The last word in one number, its id and then its place among the answers: the rows of a large study are read once.
_WORD = func.max(
    cast(ConsentAnswer.id, BigInteger) * len(ANSWERS)
    + case({what: place for place, what in enumerate(ANSWERS)}, value=ConsentAnswer.answer)
)
_ID, _PLACE = _WORD // len(ANSWERS), _WORD % len(ANSWERS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A version in force that somebody has to agree to, and what they said so far."""

    version: ConsentVersion
    study: Study
    participant: Participant
    said: ConsentAnswer | None

    @property
    def is_open(self) -> bool:
        """Whether the person still has something to decide."""
        return self.said is None or self.said.answer == TALK_FIRST


@dataclass(frozen=True, slots=True)
class Among:
    """Whose standing is asked for: those who take part in a study, at some sites or (None) at all.

    ``over``: for whom everything has ended, as app/participants/limits.py finds them.
    """

    study_id: int
    site_ids: tuple[int, ...] | None
    over: ColumnElement[bool]

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """The same as conditions on participants."""
        here = (Participant.study_id == self.study_id, limits.IS_ASKED, ~self.over)
        return here if self.site_ids is None else (*here, Participant.site_id.in_(self.site_ids))


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list, by subject code; ``since``: when they said so."""

    subject_code: str
    site_id: int
    state: str
    since: datetime | None


def of_account(session: Session, account: str, at: datetime) -> list[Asked]:
    """What one person is asked to agree to, over all studies, and was; one statement."""
    renewing, current = _newest(at, ConsentVersion.needs_renewal.is_(True)), _newest(at)
    said, to = aliased(ConsentAnswer), aliased(ConsentVersion)
    last = (
        select(func.max(ConsentAnswer.id))
        .join(to, to.id == ConsentAnswer.version_id)
        .where(ConsentAnswer.participant_id == Participant.id, to.number >= renewing.c.number)
        .correlate(Participant, renewing)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ConsentVersion, Study, Participant, said)
        .select_from(Participant)
        .join(Study, Study.id == Participant.study_id)
        .join(renewing, renewing.c.study_id == Study.id)
        .join(current, current.c.study_id == Study.id)
        .join(
            ConsentVersion,
            and_(ConsentVersion.study_id == Study.id, ConsentVersion.number == current.c.number),
        )
        .outerjoin(said, said.id == last)
        .where(Participant.account_pseudonym == account, limits.IS_ASKED, Study.closed_at.is_(None))
        .order_by(Participant.id)
    )
    return [Asked(version, study, participant, answer) for version, study, participant, answer in rows]


@dataclass(frozen=True, slots=True)
class Readable:
    """A published version as one person finds it: whose, what they said of late, and whether they can answer."""

    version: ConsentVersion
    study: Study
    participant: Participant
    said: Said | None
    is_current: bool
    is_asked: bool
    known: int

    @property
    def may_answer(self) -> bool:
        """Whether the person can say something to it now."""
        return self.is_current and self.is_asked

    @property
    def is_open(self) -> bool:
        """Whether the person still has something to decide."""
        return self.may_answer and (self.said is None or self.said.answer.answer == TALK_FIRST)


def find(session: Session, account: str, key: str, at: datetime) -> Readable | None:
    """A version of a study that the account takes part in, or took; None for a draft and for another study's.

    ``known`` is the number of the last version that was agreed to, 0 for none.
    """
    row = session.execute(
        select(ConsentVersion, Study, Participant)
        .join(Study, Study.id == ConsentVersion.study_id)
        .join(Participant, Participant.study_id == Study.id)
        .where(
            ConsentVersion.key == storable(key),
            ConsentVersion.published_at <= at,
            Participant.account_pseudonym == account,
        )
        # Somebody who came back has two participants in the study: the one who takes part now speaks.
        .order_by(Participant.withdrawn_at.is_not(None), Participant.id.desc())
    ).first()
    if row is None:
        return None
    version, study, participant = row
    published = [one for one in versions.published(session, study.id) if one.published_at and one.published_at <= at]
    renewal = next((one for one in published if one.needs_renewal), None)
    said = answers.of_participant(session, participant.id)
    agreed = [one.version.number or 0 for one in said if one.answer.answer == AGREED]
    return Readable(
        version=version,
        study=study,
        participant=participant,
        said=answers.standing(said, renewal),
        is_current=published[0].id == version.id,
        is_asked=renewal is not None and participant.asked_until is None and study.closed_at is None,
        known=max(agreed, default=0),
    )


def counts(session: Session, among: Among, renewal: ConsentVersion) -> Mapping[int, Counter[str]]:
    """How many people stand where, by site; two statements, whatever their number."""
    everybody = select(Participant.site_id, func.count(Participant.id)).where(*among.conditions)
    by_site = session.execute(everybody.group_by(Participant.site_id))
    found = {site: Counter({UNANSWERED: people}) for site, people in by_site}
    last = _last_words(among.study_id, renewal.number or 0)
    said = select(Participant.site_id, last.c.place, func.count()).join(last, last.c.participant_id == Participant.id)
    rows = session.execute(said.where(*among.conditions).group_by(Participant.site_id, last.c.place))
    for site_id, place, number in rows:
        found[site_id] += Counter({ANSWERS[place]: number})
        found[site_id][UNANSWERED] -= number
    return found


def people_asked(session: Session, among: Among) -> int:
    """How many take part, and would be asked about a new version."""
    return session.scalar(select(func.count(Participant.id)).where(*among.conditions)) or 0


def people(
    session: Session, among: Among, renewal: ConsentVersion, state: str, *, limit: int = 50, offset: int = 0
) -> Sequence[Line]:
    """Those who stand there, by subject code."""
    columns = (Participant.subject_code, Participant.site_id)
    if state == UNANSWERED:
        silent = ~has_answered(among.study_id, renewal.number or 0)
        page = select(*columns).where(*among.conditions, silent)
        rows = session.execute(page.order_by(Participant.subject_code).limit(limit).offset(offset))
        return [Line(code, site_id, state, None) for code, site_id in rows]
    last = _last_words(among.study_id, renewal.number or 0)
    said = select(*columns, ConsentAnswer.answered_at).join(last, last.c.participant_id == Participant.id)
    stands = said.join(ConsentAnswer, ConsentAnswer.id == last.c.id).where(*among.conditions)
    there = stands.where(last.c.place == ANSWERS.index(state)).order_by(Participant.subject_code)
    found = session.execute(there.limit(limit).offset(offset))
    return [Line(code, site_id, state, since) for code, site_id, since in found]


def said_to(session: Session, study_id: int, site_ids: tuple[int, ...] | None) -> Mapping[int, Counter[str]]:
    """By version, how many people said what to it last, also those who have left since; one statement."""
    words = select(ConsentAnswer.version_id, _PLACE.label("place")).join(ConsentVersion)
    words = words.where(ConsentVersion.study_id == study_id)
    if site_ids is not None:
        words = words.join(Participant).where(Participant.site_id.in_(site_ids))
    last = words.group_by(ConsentAnswer.version_id, ConsentAnswer.participant_id).subquery()
    rows = session.execute(
        select(last.c.version_id, last.c.place, func.count()).group_by(last.c.version_id, last.c.place)
    )
    found: dict[int, Counter[str]] = {}
    for version_id, place, number in rows:
        found.setdefault(version_id, Counter())[ANSWERS[place]] = number
    return found


def _newest(at: datetime, *conditions: ColumnElement[bool]) -> Subquery:
    """By study, the number of the newest version of a kind that is in force."""
    newest = select(ConsentVersion.study_id, func.max(ConsentVersion.number).label("number"))
    return newest.where(ConsentVersion.published_at <= at, *conditions).group_by(ConsentVersion.study_id).subquery()


def _last_words(study_id: int, number: int) -> Subquery:
    """Of everybody who said something to that version or a later one, the last word: its id, and its place."""
    words = select(ConsentAnswer.participant_id, _ID.label("id"), _PLACE.label("place")).join(ConsentVersion)
    since = words.where(ConsentVersion.study_id == study_id, ConsentVersion.number >= number)
    return since.group_by(ConsentAnswer.participant_id).subquery()
