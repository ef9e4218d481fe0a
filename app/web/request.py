"""What one request is about: its instant, person, language and database sessions, opened when first used."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast

from flask import g
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from app.accounts.sign_ins import SignedIn
from app.config import Config
from app.db import Database, Databases
from app.questionnaires.library import Library
from app.wordings.shelf import Shelf

Side = Literal["study", "vault"]


@dataclass(frozen=True, slots=True)
class Services:
    """What the factory made once for the whole process."""

    config: Config
    databases: Databases
    shelf: Shelf

    @property
    def library(self) -> Library:
        """Every instrument with its wordings, as they are at this moment."""
        return self.shelf.library()


@dataclass(slots=True)
class Request:
    """The state of one request; ``at`` is the only clock that views may use."""

    services: Services
    id: str
    at: datetime
    language: str
    writes: bool = False
    person: SignedIn | None = None
    operator: int | None = None
    half_operator: int | None = None
    owner: int | None = None
    half_owner: int | None = None
    _sessions: dict[str, Session] = field(default_factory=dict)
    _library: Library | None = None

    @property
    def config(self) -> Config:
        """The settings of this process."""
        return self.services.config

    @property
    def library(self) -> Library:
        """Every instrument with its wordings; the same from the beginning of the request to its end."""
        if self._library is None:
            self._library = self.services.library
        return self._library

    @property
    def session(self) -> Session:
        """The study database; committed once by the edge if the answer is below 400."""
        return self._session("study")

    @property
    def vault(self) -> Session:
        """The vault's database; only the vault's own pages may ask for it."""
        return self._session("vault")

    def reader(self, name: Side) -> Session:
        """A session apart that only reads, for slow work during which nobody may wait for the write lock."""
        return self.database(name).read()

    def _session(self, name: Side) -> Session:
        if name not in self._sessions:
            database = self.database(name)
            self._sessions[name] = database.write() if self.writes else database.read()
        return self._sessions[name]

    def database(self, name: Side) -> Database:
        """Where sessions apart from this request's are opened, such as for what is done after its answer."""
        databases = self.services.databases
        database = databases.study if name == "study" else databases.vault
        if database is None:
            raise RuntimeError(f"this process has no {name} database")
        return database

    def commit(self) -> None:
        """Make everything this request did permanent."""
        for session in self._sessions.values():
            session.commit()

    def close(self) -> None:
        """Undo what was not committed and give the connections back."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()


def now() -> datetime:
    """The wall clock, aware and in UTC; read once per request."""
    return datetime.now(UTC)


def this_request() -> Request:
    """The request itself, for whoever asks so often that the way through ``current`` would be felt."""
    found: Request = g.weshare
    return found


current: Request = cast(Request, LocalProxy(this_request))
