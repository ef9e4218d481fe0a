"""The register of licences: added, revised and withdrawn by data managers, each time as a new revision."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import once
from app.accounts.models import Staff
from app.errors import Refusal
from app.licences.models import Licence, LicenceRevision, LicenceStudy
from app.licences.terms import Permit, Terms


@dataclass(frozen=True, slots=True)
class Attested:
    """One revision of a licence: what it says, and who said so when. ``withdrawn_because`` is empty while it holds."""

    licence_id: int
    key: str
    instrument: str
    number: int
    terms: Terms
    withdrawn_because: str
    attested_by: str
    attested_at: datetime

    @property
    def is_withdrawn(self) -> bool:
        """Whether it covers nothing any more."""
        return bool(self.withdrawn_because)


def add(session: Session, instrument: str, terms: Terms, staff_id: int, at: datetime) -> Licence:
    """A licence that was not in the register. Refusal("licence-dates") where it ends before it begins."""
    _refuse_wrong_dates(terms)
    licence = Licence(key=secrets.token_urlsafe(16), instrument=instrument)
    session.add(licence)
    session.flush()
    _append(session, licence.id, 1, terms, "", (staff_id, at))
    return licence


def revise(session: Session, last: Attested, terms: Terms, seen: int, staff_id: int, at: datetime) -> None:
    """What the agreement says from now on, as a new revision.

    ``seen`` is the revision that the person had before: Refusal("licence-changed") where there is a newer one, also
    where it was withdrawn meanwhile; Refusal("licence-dates").
    """
    _refuse_unless_seen(last, seen)
    _refuse_wrong_dates(terms)
    _append(session, last.licence_id, last.number + 1, terms, "", (staff_id, at))


def withdraw(session: Session, last: Attested, because: str, seen: int, staff_id: int, at: datetime) -> None:
    """The licence covers nothing from now on. Refusals: ``licence-changed``, ``reason-missing``."""
    _refuse_unless_seen(last, seen)
    if not because.strip():
        raise Refusal("reason-missing")
    _append(session, last.licence_id, last.number + 1, last.terms, because.strip()[:400], (staff_id, at))


def permits(session: Session, instruments: Collection[str] | None = None) -> tuple[Permit, ...]:
    """The licences that are not withdrawn, of some instruments or of all; two statements."""
    return tuple(
        Permit(one.key, one.instrument, one.terms) for one in attested(session, instruments) if not one.is_withdrawn
    )


def attested(session: Session, instruments: Collection[str] | None = None) -> tuple[Attested, ...]:
    """The last revision of every licence, withdrawn ones included, by instrument and age; two statements."""
    newest = (
        select(LicenceRevision.licence_id, func.max(LicenceRevision.number).label("number"))
        .group_by(LicenceRevision.licence_id)
        .subquery()
    )
    is_newest = (newest.c.licence_id == LicenceRevision.licence_id) & (newest.c.number == LicenceRevision.number)
    statement = _REVISIONS.join(newest, is_newest).order_by(Licence.instrument, Licence.id)
    if instruments is not None:
        statement = statement.where(Licence.instrument.in_(instruments))
    return _read(session, statement)


def history(session: Session, key: str) -> tuple[Attested, ...]:
    """Every revision of one licence, the newest first; () for no licence."""
    return _read(session, _REVISIONS.where(Licence.key == key).order_by(LicenceRevision.number.desc()))


_REVISIONS = (
    select(Licence, LicenceRevision, Staff.name)
    .join(LicenceRevision, LicenceRevision.licence_id == Licence.id)
    .join(Staff, Staff.id == LicenceRevision.attested_by)
)


def _read(session: Session, statement: Select[Licence, LicenceRevision, str]) -> tuple[Attested, ...]:
    rows = session.execute(statement).all()
    named: dict[int, set[int]] = {}
    of_these = LicenceStudy.revision_id.in_([revision.id for _licence, revision, _name in rows])
    for revision_id, study_id in session.execute(
        select(LicenceStudy.revision_id, LicenceStudy.study_id).where(of_these)
    ):
        named.setdefault(revision_id, set()).add(study_id)
    return tuple(
        Attested(
            licence_id=licence.id,
            key=licence.key,
            instrument=licence.instrument,
            number=revision.number,
            terms=_terms(revision, named.get(revision.id, set())),
            withdrawn_because=revision.withdrawn_because or "",
            attested_by=name,
            attested_at=revision.attested_at,
        )
        for licence, revision, name in rows
    )


def _terms(revision: LicenceRevision, studies: Collection[int]) -> Terms:
    return Terms(
        owner=revision.owner,
        number=revision.licence_number,
        terms=revision.terms,
        study_ids=None if revision.every_study else frozenset(studies),
        languages=frozenset(revision.languages),
        electronic=revision.electronic,
        valid_from=revision.valid_from,
        expires_on=revision.expires_on,
    )


def _append(
    session: Session, licence_id: int, number: int, terms: Terms, withdrawn_because: str, who: tuple[int, datetime]
) -> None:
    staff_id, at = who
    revision = LicenceRevision(
        licence_id=licence_id,
        number=number,
        owner=terms.owner,
        licence_number=terms.number,
        terms=terms.terms,
        every_study=terms.study_ids is None,
        languages=sorted(terms.languages),
        electronic=terms.electronic,
        valid_from=terms.valid_from,
        expires_on=terms.expires_on,
        withdrawn_because=withdrawn_because or None,
        attested_by=staff_id,
        attested_at=at,
    )
    if not once.insert(session, revision):
        raise Refusal("licence-changed")
    named = sorted(terms.study_ids or ())
    session.add_all(LicenceStudy(revision_id=revision.id, study_id=study) for study in named)
    session.flush()


def _refuse_unless_seen(last: Attested, seen: int) -> None:
    if last.is_withdrawn or last.number != seen:
        raise Refusal("licence-changed")


def _refuse_wrong_dates(terms: Terms) -> None:
    if terms.expires_on is not None and terms.expires_on < terms.valid_from:
        raise Refusal("licence-dates")
