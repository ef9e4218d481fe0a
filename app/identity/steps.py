"""A participant's few minutes on the vault's own pages: on the way to the second factor, or looking after the ways in.

The browser holds a random key, and this side its hash: it can be ended at any time, and a copied cookie with it.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.identity.sign_in_models import PersonStep

KEY_BYTES = 32
CODE: Final = "code"
"""One factor was given, and the code of the app not yet."""
SECURITY: Final = "security"
"""Signed in this moment, to look after the ways in."""
LIFETIMES: Mapping[str, timedelta] = {CODE: timedelta(minutes=15), SECURITY: timedelta(minutes=20)}


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody is; ``way``, ``state`` and ``ends_others`` are what the end of the sign-in needs."""

    person_id: int
    kind: str
    state: str
    way: str
    ends_others: bool


def begin(session: Session, step: Step, at: datetime) -> str:
    """Open it; the raw key, which is nowhere else."""
    key = secrets.token_urlsafe(KEY_BYTES)
    session.add(
        PersonStep(
            key_hash=_hash(key),
            person_id=step.person_id,
            kind=step.kind,
            state=step.state,
            way=step.way,
            ends_others=step.ends_others,
            made_at=at,
            expires_at=at + LIFETIMES[step.kind],
        )
    )
    session.flush()
    return key


def find(session: Session, key: str, at: datetime) -> Step | None:
    """Who holds that key, and where; None if it was never given out, has ended or is too old."""
    alive = (PersonStep.ended_at.is_(None), PersonStep.expires_at > at)
    row = session.scalar(select(PersonStep).where(PersonStep.key_hash == _hash(key), *alive))
    return None if row is None else Step(row.person_id, row.kind, row.state, row.way, row.ends_others)


def end(session: Session, key: str, at: datetime) -> None:
    """The key is worth nothing from now on."""
    mine = (PersonStep.key_hash == _hash(key), PersonStep.ended_at.is_(None))
    session.execute(update(PersonStep).where(*mine).values(ended_at=at))


def end_all(session: Session, person_id: int, at: datetime) -> None:
    """No key of this person is worth anything from now on."""
    mine = (PersonStep.person_id == person_id, PersonStep.ended_at.is_(None))
    session.execute(update(PersonStep).where(*mine).values(ended_at=at))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
