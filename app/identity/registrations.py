"""Somebody registers without a study: what was typed waits, unfindable, for the owner of the address to confirm it.

Whether an address is known shows in the letter alone, which only its owner reads. What nobody confirms is removed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from babel.units import format_unit
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.i18n import locale
from app.identity import (
    blind_index,
    courier,
    identities,
    ledger,
    letter_texts,
    likeness,
    people,
    person_keys,
    single_use,
)
from app.identity.identity import Identity
from app.identity.models import MailboxMessage, Person, PersonKey, Pseudonym, Registration

KEPT_FOR: Final = timedelta(days=7)
"""How long the link is good, and after which everything that was typed is removed."""
MOST_A_DAY: Final = 4
"""Letters of this kind to one address, whoever asks: nobody's inbox can be flooded."""
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed who wants an account, and the addresses that the letters lead to."""

    identity: Identity
    language: str
    terms: str
    link: str = field(repr=False)
    sign_in: str


def ask(session: Session, wish: Wish, at: datetime) -> None:
    """Write to the address: a link to confirm, or that there is an account already; nothing where enough was sent."""
    email = wish.identity.email or ""
    keys = person_keys.keys_of(session)
    index = blind_index.of(keys, "registration", blind_index.email_key(email))
    recent = (Registration.address_index == index, Registration.asked_at > at - timedelta(days=1))
    if (session.scalar(select(func.count()).where(*recent)) or 0) >= MOST_A_DAY:
        return
    row = Registration(address_index=index, asked_at=at, expires_at=at + KEPT_FOR)
    session.add(row)
    known = people.find_by_email(session, email)
    if known is not None:
        session.flush()
        pseudonym = people.pseudonym_of(session, known, people.ACCOUNT)
        message_id = f"known-address:{row.id}"
        words = {"link": wish.sign_in}
        courier.post(session, pseudonym, letter_texts.compose("known-address", known.language, message_id, words), at)
        ledger.record(session, at, "anyone", "registration.address-known", f"account:{pseudonym}")
        return
    person = _keep(session, wish, at)
    token = single_use.new_token()
    row.person_id, row.token_hash = person.id, single_use.hashed(token)
    session.flush()
    pseudonym = people.pseudonym_of(session, person, people.ACCOUNT)
    words = {
        "link": f"{wish.link}{token}",
        "days": format_unit(KEPT_FOR.days, "duration-day", locale=locale(wish.language)),
    }
    name = f"registration:{single_use.name_of(token)}"
    courier.post(session, pseudonym, letter_texts.compose("registration", wish.language, name, words), at)
    facts = {"terms": wish.terms}
    ledger.record(session, at, "anyone", "registration.asked", f"account:{pseudonym}", facts)


def find(session: Session, token: str, at: datetime) -> Registration:
    """What a link confirms; looking changes nothing. Refusal("registration-over"): unknown, used or too old."""
    found = session.scalar(select(Registration).where(Registration.token_hash == single_use.hashed(token)))
    if found is None or found.person_id is None or found.confirmed_at is not None or at >= found.expires_at:
        raise Refusal("registration-over")
    return found


def confirm(session: Session, token: str, password: str, at: datetime) -> str:
    """The account is there from now on, with this password: its pseudonym.

    Refusal("registration-over") as for ``find`` and for whoever comes second, "address-already-registered" if the
    address has become somebody's meanwhile.
    """
    found = find(session, token, at)
    claim = update(Registration).where(Registration.id == found.id, Registration.confirmed_at.is_(None))
    if session.execute(claim.values(confirmed_at=at).returning(Registration.id)).one_or_none() is None:
        raise Refusal("registration-over")
    person = session.get_one(Person, found.person_id)
    # Only now can the person be found: by the address, and by whoever enrols the same human being.
    people.correct(session, person, identities.read(session, person))
    people.set_password(session, person, password)
    return people.pseudonym_of(session, person, people.ACCOUNT)


def remove_old(session: Session, at: datetime) -> int:
    """Remove what nobody confirmed in time, with everything that was typed: how many, at most BATCH at once."""
    old = select(Registration).where(Registration.expires_at <= at).order_by(Registration.id).limit(BATCH)
    rows = session.scalars(old.with_for_update(skip_locked=True)).all()
    for row in rows:
        person_id = None if row.confirmed_at is not None else row.person_id
        session.delete(row)
        session.flush()
        if person_id is not None:
            _remove(session, person_id)
            ledger.record(session, at, "job", "registration.removed", f"person:{person_id}")
    return len(rows)


def _keep(session: Session, wish: Wish, at: datetime) -> Person:
    """A person with a key and sealed fields, and without anything to be found by."""
    person = Person(email_index=None, language=wish.language, revision=0, created_at=at)
    session.add(person)
    session.flush()
    person_keys.make(session, person.id, at)
    identities.seal(session, person, wish.identity)
    return person


def _remove(session: Session, person_id: int) -> None:
    person_keys.destroy(session, person_id)
    likeness.forget(session, person_id)
    for kept in (MailboxMessage, Pseudonym, PersonKey):
        session.execute(delete(kept).where(kept.person_id == person_id))
    session.execute(delete(Person).where(Person.id == person_id))
