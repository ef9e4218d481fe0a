"""Somebody's details are corrected: by the person, who sees them, or for the person by a team, which sees nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import courier, erasure, identities, letter_texts, people
from app.identity.identity import Identity
from app.identity.models import Person

FIELDS = ("given_name", "family_name", "birth_date", "phone", "postal_address")
"""What is corrected at once; an e-mail address waits for its owner to confirm it."""


def person_of(session: Session, account: str) -> Person:
    """Whose account that is; Refusal("pseudonym-unknown") if nobody has it, or nobody any more."""
    try:
        return people.person_for(session, account)
    except people.UnknownPseudonym as unknown:
        raise Refusal("pseudonym-unknown") from unknown


def is_birth_relied_on(session: Session, person: Person, held: Identity) -> bool:
    """Whether a study may have chosen the person by this date of birth: then the study is asked to correct it."""
    return held.birth_date is not None and bool(erasure.studies_of(session, person))


def correct(session: Session, person: Person, corrected: Identity) -> tuple[str, ...]:
    """Seal what is different, and renew what the person is found by: the names of the fields that changed."""
    held = identities.read(session, person)
    changed = tuple(name for name in FIELDS if getattr(held, name) != getattr(corrected, name))
    if changed:
        people.correct(session, person, corrected.with_email(held.email))
    return changed


def tell(session: Session, person: Person, key: str, link: str, at: datetime) -> None:
    """Write to somebody that a team has corrected something; what it was stands on the account alone."""
    if person.email_index is not None:
        message = letter_texts.compose("corrected", person.language, f"corrected:{key}", {"link": link})
        courier.post(session, people.pseudonym_of(session, person, people.ACCOUNT), message, at)
