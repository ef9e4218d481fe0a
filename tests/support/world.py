"""A small world made through the real services: one study, its people, and nobody's browser yet.

Alice takes part, Dora takes part at another site, Bob is the investigator of both sites, and Charlie, who takes part in
another study and works on another study, may see nothing of it. Dana manages what all studies share, and works on none.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import accounts, sign_ins, staff
from app.accounts.models import Staff
from app.accounts.roles import DATA_MANAGER
from app.config import Config
from app.db import Databases
from app.participants.enrol import Enrolment, enrol, record_event
from app.participants.models import OccasionRecord, Participant
from app.studies import protocols, studies
from app.studies.models import Study

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ACCOUNTS = {"alice": "acc-alice", "dora": "acc-dora", "charlie": "acc-charlie"}


@dataclass(frozen=True, slots=True)
class World:
    """Where things are; ids only, so that every test opens its own sessions."""

    config: Config
    databases: Databases
    study_code: str
    study_id: int
    participants: dict[str, int]
    staff: dict[str, int]

    def study(self) -> Session:
        """A session on the study database that may write."""
        assert self.databases.study is not None
        return self.databases.study.write()

    def vault(self) -> Session:
        """A session on the vault that may write."""
        assert self.databases.vault is not None
        return self.databases.vault.write()


def protocol_document(instrument: str = "weshare-core@1.0") -> dict[str, Any]:
    """Inclusion, then a questionnaire at once, after 3 and after 6 months."""
    ladder = [
        {"step": "invitation", "kind": "invitation", "after": "P0D"},
        {"step": "reminder-1", "kind": "reminder", "after": "P7D"},
    ]
    window = {"opens": "-P7D", "notify": "P0D", "due": "P14D", "closes": "P28D", "reminders": ladder}
    visits = [
        {"key": key, "title": title, "event": "inclusion", "offset": offset, "instruments": [instrument], **window}
        for key, title, offset in (
            ("M0", {"fr": "Au début", "en": "At the start"}, "P0D"),
            ("M3", {"fr": "À 3 mois", "en": "At 3 months"}, "P3M"),
            ("M6", {"fr": "À 6 mois", "en": "At 6 months"}, "P6M"),
        )
    ]
    return {"version": 1, "events": {"inclusion": {"title": {"fr": "Inclusion", "en": "Inclusion"}}}, "visits": visits}


def build(config: Config, databases: Databases, at: datetime = AT) -> World:
    """The world as described above, committed."""
    assert databases.study is not None
    with databases.study.write() as session:
        people = {name: _staff(session, name, at) for name in ("bob", "charlie", "dana")}
        staff.set_roles(session, people["dana"], [DATA_MANAGER])
        _study(session, "HORIZON", people["bob"], ("alice", "dora"), at)
        _study(session, "OTHER", people["charlie"], ("charlie",), at)
        session.commit()
    return find(config, databases)


def find(config: Config, databases: Databases) -> World:
    """The world in databases that were copied from a built one."""
    assert databases.study is not None
    with databases.study.read() as session:
        study_id = session.scalars(select(Study.id).where(Study.code == "HORIZON")).one()
        people = session.scalars(select(Participant))
        participants = {person.pseudonym.removeprefix("par-"): person.id for person in people}
        professionals = {person.login: person.id for person in session.scalars(select(Staff))}
    return World(config, databases, "HORIZON", study_id, participants, professionals)


def sign_in(world: World, client: Any, name: str, at: datetime | None = None) -> None:
    """Give a test client the sign-in of a participant (alice, dora, charlie) or of staff (bob, staff-charlie, dana)."""
    at = at or datetime.now(UTC)
    with world.study() as session:
        if name in ACCOUNTS:
            key = sign_ins.open_for_account(session, ACCOUNTS[name], at)
        else:
            key = sign_ins.open_for_staff(session, world.staff[name.removeprefix("staff-")], at)
        session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key


def _staff(session: Session, name: str, at: datetime) -> int:
    return staff.add(session, login=name, name=name.title(), password=f"{name}-password-2026", at=at).id


def _study(session: Session, code: str, staff_id: int, people: tuple[str, ...], at: datetime) -> None:
    study = studies.create(
        session,
        code,
        {"fr": f"Étude {code}", "en": f"Study {code}"},
        {"fr": "Équipe de l’étude", "en": "The study team"},
        ("fr", "en"),
        at,
    )
    arm = studies.add_arm(session, study, "A", {"fr": "Suivi habituel", "en": "Usual follow-up"})
    studies.appoint(session, staff_id, study, "investigator")
    studies.go_live(session, study, at)
    protocol = protocols.publish(session, study.id, protocol_document(), at)
    for number, name in enumerate(people, start=1):
        site = studies.add_site(session, study, f"S{number}", f"Centre {number}")
        accounts.ensure(session, ACCOUNTS[name], at)
        who = Enrolment(f"par-{name}", ACCOUNTS[name], f"{code[:1]}-00{number}", "fr", "Europe/Paris")
        participant = enrol(session, site, arm, protocol, who, at)
        record_event(session, participant, "inclusion", at.date() - timedelta(days=3), at, "system")


def occasion_key(world: World, name: str) -> str:
    """The address of the first visit that was made available to a participant."""
    with world.study() as session:
        found = select(OccasionRecord.key).where(OccasionRecord.participant_id == world.participants[name])
        return session.scalars(found.order_by(OccasionRecord.id)).first() or ""
