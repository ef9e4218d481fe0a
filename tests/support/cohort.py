"""More people for the small world's study, enrolled by the real services."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import accounts
from app.participants.enrol import Enrolment, enrol, record_event
from app.studies import studies
from app.studies.models import Arm, ProtocolVersion, Site, Study
from tests.support.world import AT, World

INCLUSION = AT.date() - timedelta(days=3)
"""The day on which Alice and Dora were included too."""


def enrol_cohort(
    session: Session,
    world: World,
    count: int,
    *,
    site: str = "S1",
    arm: str | None = "A",
    included: date = INCLUSION,
    at: datetime = AT,
    prefix: str = "H-1",
) -> list[int]:
    """Enrol so many people at a site and in an arm, both made if they are new; their ids. The caller commits."""
    study = session.get_one(Study, world.study_id)
    place = _site(session, study, site)
    group = None if arm is None else _arm(session, study, arm)
    versions = select(ProtocolVersion).where(ProtocolVersion.study_id == study.id)
    protocol = session.scalars(versions.order_by(ProtocolVersion.version.desc())).first()
    assert protocol is not None
    ids = []
    for number in range(count):
        code = f"{prefix}{number:03}"
        account = accounts.ensure(session, f"acc-{code}", at)
        who = Enrolment(f"par-{code}", account.pseudonym, code, "fr", "Europe/Paris")
        participant = enrol(session, place, group, protocol, who, at)
        record_event(session, participant, "inclusion", included, at, "system")
        ids.append(participant.id)
    return ids


def _site(session: Session, study: Study, code: str) -> Site:
    found = session.scalars(select(Site).where(Site.study_id == study.id, Site.code == code)).one_or_none()
    return found or studies.add_site(session, study, code, f"Centre {code}")


def _arm(session: Session, study: Study, key: str) -> Arm:
    found = session.scalars(select(Arm).where(Arm.study_id == study.id, Arm.key == key)).one_or_none()
    return found or studies.add_arm(session, study, key, {"fr": f"Groupe {key}", "en": f"Group {key}"})
