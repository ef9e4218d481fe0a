"""Another e-mail address: in use only once its owner has confirmed it, and told to the one that was in use before."""

from datetime import datetime, timedelta
from typing import Final

from babel.units import format_unit
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.i18n import locale
from app.identity import courier, identities, letter_texts, mailed_links, people, person_keys, sealed_rows, single_use
from app.identity.models import AddressChange, Person

LIFETIME: Final = timedelta(days=3)
MOST_A_DAY: Final = 5
"""Letters to new addresses for one person: nobody is sent mail through somebody else's account."""


def ask(session: Session, person: Person, email: str, by: str, link: str, at: datetime) -> None:
    """Write to the new address; whether it is somebody else's is not told. Refusal("too-many-changes")."""
    recent = (AddressChange.person_id == person.id, AddressChange.asked_at > at - timedelta(days=1))
    if len(session.scalars(select(AddressChange.id).where(*recent)).all()) >= MOST_A_DAY:
        raise Refusal("too-many-changes")
    _end_all(session, person, at)
    token = single_use.new_token()
    change = AddressChange(
        token_hash=single_use.hashed(token),
        person_id=person.id,
        asked_by=by,
        asked_at=at,
        expires_at=at + LIFETIME,
    )
    sealed_rows.write_all(change, person_keys.for_sealing(session, person.id), {"email": email.strip()})
    session.add(change)
    session.flush()
    words = {
        "link": f"{link}{token}",
        "days": format_unit(LIFETIME.days, "duration-day", locale=locale(person.language)),
    }
    message = letter_texts.compose("new-address", person.language, f"new-address:{single_use.name_of(token)}", words)
    courier.post(session, people.pseudonym_of(session, person, people.ACCOUNT), message, at, address=email.strip())


def find(session: Session, token: str, at: datetime) -> AddressChange:
    """What a link confirms; looking changes nothing. Refusal("address-change-over"): unknown, used or too old."""
    waiting = (AddressChange.token_hash == single_use.hashed(token), AddressChange.ended_at.is_(None))
    found = session.scalar(select(AddressChange).where(*waiting, AddressChange.expires_at > at))
    if found is None:
        raise Refusal("address-change-over")
    return found


def confirm(session: Session, token: str, at: datetime) -> str:
    """The new address is in use; the account's pseudonym. The one before is told, and links sent to it end.

    Refusal("address-change-over") as for ``find`` and for whoever comes second, "address-already-registered" if it is
    somebody else's: only its owner can be reading that.
    """
    change = find(session, token, at)
    person = session.get_one(Person, change.person_id)
    claim = update(AddressChange).where(AddressChange.id == change.id, AddressChange.ended_at.is_(None))
    if session.execute(claim.values(ended_at=at).returning(AddressChange.id)).one_or_none() is None:
        raise Refusal("address-change-over")
    before = identities.read(session, person)
    email = sealed_rows.read(change, "email", person_keys.of(session, person.id))
    people.correct(session, person, before.with_email(email))
    mailed_links.end_all(session, person.id, at)
    pseudonym = people.pseudonym_of(session, person, people.ACCOUNT)
    if before.email:
        name = f"address-changed:{change.id}"
        told = letter_texts.compose("address-changed", person.language, name, {})
        courier.post(session, pseudonym, told, at, address=before.email)
    return pseudonym


def _end_all(session: Session, person: Person, at: datetime) -> None:
    waiting = (AddressChange.person_id == person.id, AddressChange.ended_at.is_(None))
    session.execute(update(AddressChange).where(*waiting).values(ended_at=at))
