"""The small world with its people in the vault, so that messages can reach them."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT, Config
from app.db import Databases
from app.identity import identities, people, person_keys, sealed_rows
from app.identity.identity import Identity
from app.identity.models import MailboxMessage, Person, Pseudonym
from app.jobs import send_notices
from app.jobs.letters import Office
from app.notices.models import Notice
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.library import Library, load
from tests.support import world as worlds
from tests.support.world import World


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as it lies in the mailbox, opened."""

    person_id: int
    language: str
    subject: str
    text: str
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A world whose messages arrive, and a way to look at what happened."""

    world: World
    library: Library

    @property
    def office(self) -> Office:
        """What the job itself works with."""
        databases = self.world.databases
        assert databases.study is not None
        assert databases.vault is not None
        return Office(databases.study, databases.vault, self.world.config, self.library)

    def run(self, at: datetime) -> dict[str, int]:
        """One go of the job."""
        return dict(send_notices.run(self.world.databases, self.world.config, self.library, at=at))

    def messages(self) -> list[tuple[str, Arrived]]:
        """What arrived, oldest first, each with its reader."""
        with self.world.vault() as session:
            rows = session.execute(
                select(Person, MailboxMessage).join(MailboxMessage, MailboxMessage.person_id == Person.id)
            )
            found = [
                (
                    identities.read(session, person).given_name,
                    Arrived(person.id, kept.language, *_words(session, kept), kept.delivered_at),
                )
                for person, kept in rows
            ]
        return sorted(found, key=lambda one: (one[1].delivered_at, one[0]))

    def notices(self, name: str) -> list[Notice]:
        """The participant's notices, in the order in which they were made."""
        with self.world.study() as session:
            mine = Notice.participant_id == self.world.participants[name]
            return list(session.scalars(select(Notice).where(mine).order_by(Notice.id)))

    def participant(self, name: str, session: Session) -> Participant:
        """A participant, to look at or to change."""
        return session.get_one(Participant, self.world.participants[name])

    def next_look(self, name: str) -> datetime | None:
        """When the hint says that the participant needs a look."""
        with self.world.study() as session:
            return self.participant(name, session).next_look_at

    def occasions(self, name: str, session: Session) -> list[OccasionRecord]:
        """The participant's visits of which something is known."""
        mine = OccasionRecord.participant_id == self.world.participants[name]
        return list(session.scalars(select(OccasionRecord).where(mine).order_by(OccasionRecord.id)))


def into_the_vault(session: Session, name: str, at: datetime = worlds.AT) -> None:
    """Make a participant of the world somebody whom the vault can reach."""
    person = people.enter(session, Identity(f"{name}@example.org", name.title(), "Example"), "fr", None, at)
    session.add(Pseudonym(person_id=person.id, domain="study:HORIZON", value=f"par-{name}"))


def _words(session: Session, message: MailboxMessage) -> tuple[str, str]:
    found = sealed_rows.read_all(message, person_keys.of(session, message.person_id))
    return found["subject"] or "", found["text"] or ""


@pytest.fixture(scope="session")
def library() -> Library:
    """The instruments as shipped."""
    return load(ROOT / "instruments")


@pytest.fixture
def post_office(world: World, library: Library) -> PostOffice:
    """Alice, Dora and Charlie can be written to."""
    with world.vault() as session:
        for name in worlds.ACCOUNTS:
            into_the_vault(session, name)
        session.commit()
    return PostOffice(world, library)


@pytest.fixture
def post_office_on_each_engine(config: Config, empty_databases: Databases, library: Library) -> PostOffice:
    """The same, once on SQLite and once on PostgreSQL."""
    built = worlds.build(config, empty_databases)
    with built.vault() as session:
        for name in worlds.ACCOUNTS:
            into_the_vault(session, name)
        session.commit()
    return PostOffice(built, library)
