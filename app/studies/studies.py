"""Studies, their sites and arms, and who works on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.studies.models import Appointment, Arm, Site, Study, Translated


def create(
    session: Session, code: str, titles: Translated, contacts: Translated, languages: Sequence[str], at: datetime
) -> Study:
    """A new study; its texts are given in each of its languages."""
    study = Study(code=code, titles=titles, contacts=contacts, languages=list(languages), created_at=at)
    session.add(study)
    session.flush()
    return study


def add_site(session: Session, study: Study, code: str, name: str) -> Site:
    """A centre that will enrol."""
    site = Site(study_id=study.id, code=code, name=name)
    session.add(site)
    session.flush()
    return site


def add_arm(session: Session, study: Study, key: str, titles: Translated) -> Arm:
    """A treatment group."""
    arm = Arm(study_id=study.id, key=key, titles=titles)
    session.add(arm)
    session.flush()
    return arm


def appoint(session: Session, staff_id: int, study: Study, role: str, site: Site | None = None) -> Appointment:
    """Let a professional work on a study; at one site only if one is named."""
    appointment = Appointment(staff_id=staff_id, study_id=study.id, site_id=site.id if site else None, role=role)
    session.add(appointment)
    session.flush()
    return appointment


def go_live(session: Session, study: Study, at: datetime) -> None:
    """Begin to enrol; the first time counts. Whether everything is ready is for the caller to find out before."""
    study.live_at = study.live_at or at
    session.flush()


def of_staff(session: Session, staff_id: int) -> list[Study]:
    """The studies a professional works on, by code."""
    appointed = select(Appointment.study_id).where(Appointment.staff_id == staff_id)
    return list(session.scalars(select(Study).where(Study.id.in_(appointed)).order_by(Study.code)))
