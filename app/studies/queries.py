"""Questions about studies: who may see which, at which sites, and what their protocols ask."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.scheduling.protocol import Protocol, Visit
from app.studies.models import Appointment, Arm, ProtocolVersion, Site, Study
from app.studies.protocols import parsed


@dataclass(frozen=True, slots=True)
class StudyAccess:
    """A study with what one professional may see of it: the role there, and the sites.

    ``site_ids`` narrows every question about people; None: the whole study, sites of the future included.
    """

    study: Study
    role: str
    sites: tuple[Site, ...]
    site_ids: tuple[int, ...] | None


def accesses(session: Session, staff_id: int) -> list[StudyAccess]:
    """What a professional may see, by study code; one statement."""
    return _accesses(session, Appointment.staff_id == staff_id)


def find_access(session: Session, staff_id: int, code: str) -> StudyAccess | None:
    """What a professional may see of one study; None without an appointment, and for no study. One statement."""
    found = _accesses(session, Appointment.staff_id == staff_id, Study.code == storable(code))
    return found[0] if found else None


def arms(session: Session, study_id: int) -> dict[int, Arm]:
    """The treatment groups of a study by id, in the order of their keys."""
    rows = session.scalars(select(Arm).where(Arm.study_id == study_id).order_by(Arm.key))
    return {arm.id: arm for arm in rows}


def protocols(session: Session, study_id: int) -> dict[int, Protocol]:
    """Every version of a study's protocol by the version's id, the newest first."""
    rows = session.scalars(
        select(ProtocolVersion).where(ProtocolVersion.study_id == study_id).order_by(ProtocolVersion.version.desc())
    )
    return {row.id: parsed(row.document) for row in rows}


def every_study(session: Session) -> list[Study]:
    """All studies of the platform by code, for who looks after what they share; one statement."""
    return list(session.scalars(select(Study).order_by(Study.code)))


def newest_protocols(session: Session, study_ids: Collection[int]) -> dict[int, Protocol]:
    """By study the last published version of its protocol, where it has one; one statement."""
    rows = session.scalars(
        select(ProtocolVersion).where(ProtocolVersion.study_id.in_(study_ids)).order_by(ProtocolVersion.version)
    )
    documents = {row.study_id: row.document for row in rows}
    return {study_id: parsed(document) for study_id, document in documents.items()}


def visits_of(versions: Iterable[Protocol]) -> tuple[Visit, ...]:
    """Each visit once: those of the first protocol in its order, then those that only the others have."""
    visits: dict[str, Visit] = {}
    for protocol in versions:
        for visit in protocol.visits:
            visits.setdefault(visit.key, visit)
    return tuple(visits.values())


def instruments_of(visits: Iterable[Visit]) -> tuple[str, ...]:
    """The keys of all instruments that some visits ask for, each once, in their order."""
    return tuple(dict.fromkeys(instrument for visit in visits for instrument in visit.every_instrument))


def storable(text: str) -> str:
    """A text out of an address as a database can compare it: PostgreSQL refuses NUL, which no code of ours holds."""
    return text.replace("\x00", "\ufffd")


def _accesses(session: Session, *conditions: ColumnElement[bool]) -> list[StudyAccess]:
    statement = (
        select(Study, Appointment, Site)
        .join(Appointment, Appointment.study_id == Study.id)
        .outerjoin(Site, Site.study_id == Study.id)
        .where(*conditions)
        .order_by(Study.code, Appointment.id, Site.code)
    )
    gathered: dict[int, _Gathered] = {}
    for study, appointment, site in session.execute(statement):
        one = gathered.setdefault(study.id, _Gathered(study, {}, {}))
        one.appointments[appointment.id] = appointment
        if site is not None:
            one.sites[site.id] = site
    return [one.access() for one in gathered.values()]


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The rows of one study, put together again."""

    study: Study
    appointments: dict[int, Appointment]
    sites: dict[int, Site]

    def access(self) -> StudyAccess:
        """Of several appointments the one for the whole study counts; else all their sites, and the first role."""
        given = list(self.appointments.values())
        whole = next((one for one in given if one.site_id is None), None)
        if whole is not None:
            return StudyAccess(self.study, whole.role, tuple(self.sites.values()), None)
        named = {one.site_id for one in given}
        seen = tuple(site for site in self.sites.values() if site.id in named)
        return StudyAccess(self.study, given[0].role, seen, tuple(site.id for site in seen))
