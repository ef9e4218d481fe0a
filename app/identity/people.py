"""People as the vault knows them: their address, their password, and a different pseudonym for each other side."""

import secrets
import unicodedata
from base64 import b32encode
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import once, passwords
from app.errors import Refusal
from app.identity.models import Person, Pseudonym

ACCOUNT = "account"
PSEUDONYM_BYTES = 16


class UnknownPseudonym(LookupError):
    """Nobody in this vault has that pseudonym: a fault of the caller, never of a person."""


def study_domain(code: str) -> str:
    """The domain of the pseudonyms that one study knows."""
    return f"study:{code}"


def register(
    session: Session, email: str, given_name: str, family_name: str, language: str, password: str, at: datetime
) -> Person:
    """A new person; Refusal("address-already-registered") if the address is somebody's."""
    person = Person(
        email_key=email_key(email),
        email=email.strip(),
        given_name=given_name,
        family_name=family_name,
        language=language,
        password_hash=passwords.hash_password(password),
        created_at=at,
    )
    if not once.insert(session, person):
        raise Refusal("address-already-registered")
    return person


def find_by_email(session: Session, email: str) -> Person | None:
    """The person with that address, however it was typed."""
    return session.scalar(select(Person).where(Person.email_key == email_key(email)))


def authenticate(session: Session, email: str, password: str) -> Person | None:
    """The person whose address and password these are; None costs the same time whether the address is known or not.

    It only reads, and takes its time: give it a session that holds no lock others wait for.
    """
    person = find_by_email(session, email)
    is_right = passwords.verify(person.password_hash if person else None, password)
    return person if is_right else None


def renew_hash(session: Session, person_id: int, password: str) -> None:
    """After a right password: hash it again if that was last done with other parameters than today's."""
    person = session.get_one(Person, person_id)
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)


def email_key(email: str) -> str:
    """The form of an address that is compared: compatibility forms and case folded, no space around it."""
    folded = unicodedata.normalize("NFKC", email).casefold()
    # PostgreSQL keeps no NUL in a text, not even to compare with.
    return unicodedata.normalize("NFKC", folded).strip().replace("\x00", "\ufffd")


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
    """Who that is, for the vault's own use; UnknownPseudonym if nobody."""
    person = session.scalar(select(Person).join(Pseudonym).where(Pseudonym.value == pseudonym))
    if person is None:
        raise UnknownPseudonym(pseudonym)
    return person


def _random_name() -> str:
    """128 random bits in letters and digits that survive being read aloud, typed or sorted without case."""
    return b32encode(secrets.token_bytes(PSEUDONYM_BYTES)).decode().rstrip("=").lower()
