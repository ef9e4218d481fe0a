"""People as the vault knows them: their address, their password, and a different pseudonym for each other side."""

import secrets
from base64 import b32encode
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once, passwords
from app.errors import Refusal
from app.identity import blind_index, identities, person_keys, sealed_rows, sealing
from app.identity.identity import Identity
from app.identity.models import Person, PersonKey, Pseudonym
from app.vault_keys import VaultKeys

ACCOUNT = "account"
WAREHOUSE = "warehouse"
PSEUDONYM_BYTES = 16
NOBODY = 0
"""A number that no person has."""

# Columns and not objects: making those of somebody takes longer than finding nobody, which could be measured.
_KEPT = select(
    Person.id, Person.revision, Person.password_hash_sealed, PersonKey.master_key, PersonKey.wrapped
).join_from(Person, PersonKey)


class UnknownPseudonym(LookupError):
    """Nobody in this vault has that pseudonym, or who had it was erased: a fault of the caller, never of a person."""


def study_domain(code: str) -> str:
    """The domain of the pseudonyms that one study knows."""
    return f"study:{code}"


def register(
    session: Session, email: str, given_name: str, family_name: str, language: str, password: str, at: datetime
) -> Person:
    """A new person with a password; Refusal("address-already-registered") if the address is somebody's.

    A refusal as in app/passwords.py for a password that is worth too little.
    """
    return enter(session, Identity(email, given_name, family_name), language, password, at)


def enter(session: Session, identity: Identity, language: str, password: str | None, at: datetime) -> Person:
    """A new person; Refusal("address-already-registered") if the address is somebody's. May have no address at all."""
    keys = person_keys.keys_of(session)
    index = None if identity.email is None else blind_index.of_email(keys, identity.email)
    person = Person(email_index=index, language=language, revision=0, created_at=at)
    if not once.insert(session, person):
        raise Refusal("address-already-registered")
    person_keys.make(session, person.id, at)
    identities.write(session, person, identity)
    if password is not None:
        set_password(session, person, password)
    return person


def correct(session: Session, person: Person, identity: Identity) -> None:
    """Rectify an identity; Refusal("address-already-registered") if the new address is somebody else's."""
    holder = None if identity.email is None else find_by_email(session, identity.email)
    if holder is not None and holder.id != person.id:
        raise Refusal("address-already-registered")
    identities.write(session, person, identity)


def find_by_email(session: Session, email: str) -> Person | None:
    """The person with that address, however it was typed."""
    index = blind_index.of_email(person_keys.keys_of(session), email)
    return session.scalar(select(Person).where(Person.email_index == index))


def authenticate(session: Session, email: str, password: str) -> Person | None:
    """The person whose address and password these are; None costs the same time whether the address is known or not.

    It only reads, and takes its time: give it a session that holds no lock others wait for.
    """
    keys = person_keys.keys_of(session)
    asked = _KEPT.where(Person.email_index == blind_index.of_email(keys, email))
    kept = session.execute(asked).one_or_none() or _nobodys(keys)
    who, revision, sealed, master_key, wrapped = kept
    key = person_keys.unwrap(keys, PersonKey(person_id=who, master_key=master_key, wrapped=wrapped))
    row = Person(id=who, revision=revision, password_hash_sealed=sealed)
    is_right = passwords.verify(sealed_rows.read(row, "password_hash", key), password)
    return session.get(Person, who) if is_right and who != NOBODY else None


def has_password(person: Person) -> bool:
    """Whether one was ever chosen; others sign in by a mailed link or a passkey."""
    return person.password_hash_sealed is not None


def is_password(session: Session, person_id: int, password: str) -> bool:
    """Whether that is the password of somebody who is known already; it only reads, and takes its time."""
    person = session.get_one(Person, person_id)
    return passwords.verify(sealed_rows.read(person, "password_hash", person_keys.of(session, person_id)), password)


def _nobodys(keys: VaultKeys) -> tuple[int, int, bytes | None, int, bytes]:
    """What is kept of nobody: as much work to open as what is kept of somebody, and no password fits."""
    key = sealing.new_key()
    row = Person(id=NOBODY, revision=1)
    sealed_rows.write(row, "password_hash", key, passwords.NOBODYS_HASH)
    return NOBODY, 1, row.password_hash_sealed, keys.newest, person_keys.wrap(keys, NOBODY, keys.newest, key)


def set_password(session: Session, person: Person, password: str) -> None:
    """This password and no other, if it is worth something.

    Refusal("password-short", "password-yours" or "password-common"), as app/passwords.py judges it.
    """
    weakness = weakness_of(session, person, password)
    if weakness is not None:
        raise Refusal(weakness)
    _keep_hash(session, person, password)


def weakness_of(session: Session, person: Person, password: str) -> str | None:
    """Why this person cannot have that password; what others know of the person are the studies' codes too."""
    who = identities.read(session, person)
    domains = session.scalars(select(Pseudonym.domain).where(Pseudonym.person_id == person.id))
    studies = [domain.removeprefix(study_domain("")) for domain in domains if domain.startswith(study_domain(""))]
    return passwords.weakness(password, (who.email or "", who.given_name, who.family_name, *studies))


def _keep_hash(session: Session, person: Person, password: str) -> None:
    identities.change(session, person, {"password_hash": passwords.hash_password(password)})


def renew_hash(session: Session, person_id: int, password: str) -> None:
    """After a right password: hash it again if that was last done with other parameters than today's."""
    person = session.get_one(Person, person_id)
    kept = sealed_rows.read(person, "password_hash", person_keys.of(session, person_id))
    if kept is not None and passwords.is_outdated(kept):
        _keep_hash(session, person, password)


def pseudonym_of(session: Session, person: Person, domain: str) -> str:
    """The name by which a domain knows the person: random, made the first time it is asked for, the same ever after."""
    known = select(Pseudonym.value).where(Pseudonym.person_id == person.id, Pseudonym.domain == domain)
    value = session.scalar(known)
    if value is not None:
        return value
    fresh = Pseudonym(person_id=person.id, domain=domain, value=_random_name())
    # Somebody else may have made one between our look and our insert: then theirs counts.
    return fresh.value if once.insert(session, fresh) else session.scalars(known).one()


def person_for(session: Session, pseudonym: str) -> Person:
    """Who that is, for the vault's own use; UnknownPseudonym if nobody, or nobody any more."""
    held = select(Person).join(Pseudonym).where(Pseudonym.value == pseudonym, Person.erased_at.is_(None))
    person = session.scalar(held)
    if person is None:
        raise UnknownPseudonym(pseudonym)
    return person


def people_for(session: Session, pseudonyms: Collection[str]) -> dict[str, Person]:
    """Who they are, for the vault's own use; one statement. Whoever is not there, or not any more, is left out."""
    held = select(Pseudonym.value, Person).join(Person, Person.id == Pseudonym.person_id)
    rows = session.execute(held.where(Pseudonym.value.in_(pseudonyms), Person.erased_at.is_(None)))
    return {pseudonym: person for pseudonym, person in rows}  # noqa: C416


def _random_name() -> str:
    """128 random bits in letters and digits that survive being read aloud, typed or sorted without case."""
    return b32encode(secrets.token_bytes(PSEUDONYM_BYTES)).decode().rstrip("=").lower()
