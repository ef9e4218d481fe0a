"""What a check of a deployment says, and what it may look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.config import Config
from app.db import Database, Databases


class Level(IntEnum):
    """How bad it is; also what the command ends with."""

    OK = 0
    WARNING = 1
    UNSAFE = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence for the operator. It never holds a key, a password or an address of a database."""

    level: Level
    sentence: str


@dataclass(frozen=True, slots=True)
class Site:
    """The deployment as this process sees it."""

    environment: Mapping[str, str]
    config: Config
    databases: Databases
    at: datetime

    def reachable(self) -> dict[str, Database]:
        """The databases of this process, by name."""
        named = {name: getattr(self.databases, name) for name in ("study", "vault", "warehouse")}
        return {name: database for name, database in named.items() if database is not None}


Check = Callable[[Site], list[Finding]]


def ok(sentence: str) -> Finding:
    """As it should be."""
    return Finding(Level.OK, sentence)


def warning(sentence: str) -> Finding:
    """It works, and should be different."""
    return Finding(Level.WARNING, sentence)


def unsafe(sentence: str) -> Finding:
    """Do not let anybody's data in like this."""
    return Finding(Level.UNSAFE, sentence)
