"""Studies, their sites and arms, and who works on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.studies import roles
from app.studies.models import Appointment, Arm, Site, Study, Translated


@dataclass(frozen=True, slots=True)
class Settings:
    """What a study says about itself, its texts in each of its languages."""

    titles: Translated
    contacts: Translated
    languages: Sequence[str]
    sponsor: str = ""


def create(
    session: Session, code: str, titles: Translated, contacts: Translated, languages: Sequence[str], at: datetime
) -> Study:
    """A new study; its texts are given in each of its languages. Refusal("code-already-taken")."""
    study = Study(code=code, titles=titles, contacts=contacts, languages=list(languages), created_at=at)
    if not once.insert(session, study):
        raise Refusal("code-already-taken")
    return study


def change(session: Session, study: Study, settings: Settings) -> list[str]:
    """Take over new settings; the names of what has changed.

    Refusal("languages-in-use"): once it is live a study keeps its languages, for people read it in them.
    """
    if study.live_at is not None and set(study.languages) - set(settings.languages):
        raise Refusal("languages-in-use")
    new = {
        "titles": dict(settings.titles),
        "contacts": dict(settings.contacts),
        "languages": list(settings.languages),
        "sponsor": settings.sponsor,
    }
    changed = [name for name, value in new.items() if getattr(study, name) != value]
    for name in changed:
        setattr(study, name, new[name])
    session.flush()
    return changed


def add_site(session: Session, study: Study, code: str, name: str) -> Site:
    """A centre that will enrol. Refusal("code-already-taken")."""
    site = Site(study_id=study.id, code=code, name=name)
    if not once.insert(session, site):
        raise Refusal("code-already-taken")
    return site


def sync_arms(session: Session, study: Study, arms: Mapping[str, Translated]) -> None:
    """Bring the treatment groups up to a published protocol: new ones are added, titles follow, none is taken away.

    A group that the protocol has no longer may still have people in it.
    """
    known = {arm.key: arm for arm in session.scalars(select(Arm).where(Arm.study_id == study.id))}
    for key, titles in arms.items():
        if key in known:
            known[key].titles = dict(titles)
        else:
            add_arm(session, study, key, dict(titles))
    session.flush()


def add_arm(session: Session, study: Study, key: str, titles: Translated) -> Arm:
    """A treatment group."""
    arm = Arm(study_id=study.id, key=key, titles=titles)
    session.add(arm)
    session.flush()
    return arm


def appoint(session: Session, staff_id: int, study: Study, role: str, site: Site | None = None) -> Appointment:
    """Let a professional work on a study; at one site only if one is named. Refusal("already-appointed")."""
    known = select(Appointment.id).where(
        Appointment.staff_id == staff_id,
        Appointment.study_id == study.id,
        Appointment.site_id.is_(None) if site is None else Appointment.site_id == site.id,
    )
    if session.scalar(known) is not None:
        raise Refusal("already-appointed")
    appointment = Appointment(staff_id=staff_id, study_id=study.id, site_id=site.id if site else None, role=role)
    session.add(appointment)
    session.flush()
    return appointment


def dismiss(session: Session, study: Study, appointment_id: int) -> Appointment | None:
    """End an appointment; None if there is none (any more). Refusal("last-designer"): somebody has to answer for it."""
    team = list(session.scalars(select(Appointment).where(Appointment.study_id == study.id)))
    ended = next((one for one in team if one.id == appointment_id), None)
    if ended is None:
        return None
    if not any(roles.may_design(one.role, _sites(one)) for one in team if one is not ended):
        raise Refusal("last-designer")
    session.delete(ended)
    session.flush()
    return ended


def _sites(appointment: Appointment) -> tuple[int, ...] | None:
    return None if appointment.site_id is None else (appointment.site_id,)


def go_live(session: Session, study: Study, at: datetime) -> None:
    """Begin to enrol; the first time counts. Whether everything is ready is for the caller to find out before."""
    study.live_at = study.live_at or at
    session.flush()


def of_staff(session: Session, staff_id: int) -> list[Study]:
    """The studies a professional works on, by code."""
    appointed = select(Appointment.study_id).where(Appointment.staff_id == staff_id)
    return list(session.scalars(select(Study).where(Study.id.in_(appointed)).order_by(Study.code)))
