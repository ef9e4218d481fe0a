"""The persons' keys, kept apart from every other backup and for days only.

A backup of the vault is without them. Whoever is erased has no key in the next key store, so that once the last older
key store is gone, no backup of the vault tells anything about that person any more. The numbers of those who were
erased are in it too: a restored vault forgets them at once.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.backup.manifest import BrokenBackup
from app.db import table
from app.identity import erasure
from app.identity.models import Person, PersonKey

FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeyStore:
    """Everybody's wrapped keys at one instant, and who had been erased by then."""

    made_at: datetime
    keys: tuple[tuple[int, int, bytes, datetime], ...]
    erased: tuple[tuple[int, datetime], ...]


def collect(session: Session, at: datetime) -> KeyStore:
    """The key store as it is in the vault now."""
    columns = (PersonKey.person_id, PersonKey.master_key, PersonKey.wrapped, PersonKey.made_at)
    keys = tuple((row[0], row[1], row[2], row[3]) for row in session.execute(select(*columns)))
    gone = select(Person.id, Person.erased_at).where(Person.erased_at.is_not(None))
    return KeyStore(at, keys, tuple((row[0], row[1]) for row in session.execute(gone) if row[1] is not None))


def give_back(session: Session, store: KeyStore) -> tuple[int, int]:
    """Put the keys into a restored vault and forget the erased: how many have keys, how many were forgotten."""
    there = set(session.scalars(select(Person.id)))
    keys = [
        {"person_id": person, "master_key": master, "wrapped": wrapped, "made_at": made_at}
        for person, master, wrapped, made_at in store.keys
        if person in there
    ]
    if keys:
        session.execute(insert(table(PersonKey)), keys)
    forgotten = 0
    for person_id, erased_at in store.erased:
        person = session.get(Person, person_id)
        if person is not None and person.erased_at is None:
            erasure.forget(session, person, erased_at)
            forgotten += 1
    return len(keys), forgotten


def without_key(session: Session) -> int:
    """How many persons nobody can read although they were not erased."""
    missing = select(Person.id).outerjoin(PersonKey).where(PersonKey.person_id.is_(None), Person.erased_at.is_(None))
    return len(session.scalars(missing).all())


def write(file: Path, store: KeyStore) -> None:
    """As a file."""
    body = {
        "format": FORMAT,
        "made_at": store.made_at.isoformat(),
        "keys": [[p, m, b64encode(w).decode(), at.isoformat()] for p, m, w, at in store.keys],
        "erased": [[person, at.isoformat()] for person, at in store.erased],
    }
    file.write_text(json.dumps(body), encoding="utf-8")


def read(file: Path) -> KeyStore:
    """From a file; BrokenBackup if it is none."""
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
        if body["format"] != FORMAT:
            raise BrokenBackup(f"this key store has format {body['format']}; this program reads format {FORMAT}")
        keys = tuple((int(p), int(m), b64decode(w), datetime.fromisoformat(at)) for p, m, w, at in body["keys"])
        erased = tuple((int(person), datetime.fromisoformat(at)) for person, at in body["erased"])
        return KeyStore(datetime.fromisoformat(body["made_at"]), keys, erased)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BrokenBackup(f"{file.name} is not a key store ({type(problem).__name__})") from None
