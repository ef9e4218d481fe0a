"""The demonstration's study before anybody takes part: its team, sites, arms and protocol."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import staff
from app.accounts.roles import DATA_MANAGER
from app.demo import design
from app.demo_accounts import DEMO_MANAGER_LOGIN, DEMO_MANAGER_PASSWORD, DEMO_STAFF_LOGIN, DEMO_STAFF_PASSWORD
from app.studies import protocols, studies


@dataclass(frozen=True, slots=True)
class Founded:
    """Where things are."""

    study: int
    staff: int
    manager: int
    protocol_version: int
    sites: tuple[int, ...]
    arms: tuple[int, ...]


def found(session: Session, at: datetime) -> Founded:
    """Create the study, with its investigator appointed for all sites."""
    investigator = staff.add(session, DEMO_STAFF_LOGIN, design.INVESTIGATOR, DEMO_STAFF_PASSWORD, at)
    study = studies.create(session, design.CODE, design.TITLES, design.CONTACTS, design.LANGUAGES, at)
    studies.appoint(session, investigator.id, study, "investigator")
    studies.go_live(session, study, at)
    manager = staff.add(session, DEMO_MANAGER_LOGIN, design.DATA_MANAGER, DEMO_MANAGER_PASSWORD, at)
    staff.set_roles(session, manager.id, [DATA_MANAGER])
    return Founded(
        study=study.id,
        staff=investigator.id,
        manager=manager.id,
        protocol_version=protocols.publish(session, study.id, design.protocol(), at).id,
        sites=tuple(studies.add_site(session, study, code, name).id for code, name in design.SITES),
        arms=tuple(studies.add_arm(session, study, key, titles).id for key, titles in design.ARMS),
    )
