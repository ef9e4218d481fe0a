"""The small world with its people in the vault, so that messages can reach them."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT, Config
from app.db import Databases
from app.identity.models import MailboxMessage, Person, Pseudonym
from app.jobs import send_notices
from app.jobs.send_notices import Office
from app.notices.models import Notice
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.library import Library, load
from tests.support import world as worlds
from tests.support.world import World


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

    def messages(self) -> list[tuple[str, MailboxMessage]]:
        """What arrived, oldest first, each with its reader."""
        with self.world.vault() as session:
            rows = session.execute(
                select(Person.given_name, MailboxMessage)
                .join(Person, Person.id == MailboxMessage.person_id)
                .order_by(MailboxMessage.delivered_at, Person.given_name)
            )
            return [(name, message) for name, message in rows]

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
    person = Person(
        email_key=f"{name}@example.org",
        email=f"{name}@example.org",
        given_name=name.title(),
        family_name="Example",
        language="fr",
        password_hash="none",
        created_at=at,
    )
    session.add(person)
    session.flush()
    session.add(Pseudonym(person_id=person.id, domain="study:HORIZON", value=f"par-{name}"))


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
