"""By what two entries of one human being resemble each other: traits that survive accents, case and swapped names.

Each trait is kept as a keyed hash, so that likeness is found without opening anybody's fields. What it costs: whoever
steals the vault without its keys sees which entries share a trait, but not what it is.
"""

import re
import unicodedata
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.identity import blind_index, person_keys
from app.identity.identity import Identity
from app.identity.models import LikenessIndex

Trait = tuple[str, str]
"""Its kind, and the value in the form that is compared."""

NAME_AND_BIRTH, PART_AND_BIRTH, NAME, PHONE, MAILBOX = "name-and-birth", "part-and-birth", "name", "phone", "mailbox"
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
PHONE_DIGITS = 9
"""What is left of a number without its country code or leading zero."""


def traits(identity: Identity) -> frozenset[Trait]:
    """Everything that this entry could share with another one of the same person."""
    parts = name_parts(f"{identity.given_name} {identity.family_name}")
    name = " ".join(parts)
    found = {(NAME, name)} if name else set()
    if identity.birth_date is not None:
        born = _birth(identity.birth_date)
        found |= {(NAME_AND_BIRTH, f"{name} {born}")} if name else set()
        found |= {(PART_AND_BIRTH, f"{part} {born}") for part in parts}
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", identity.phone or ""))
    if len(digits) >= PHONE_DIGITS:
        found.add((PHONE, digits[-PHONE_DIGITS:]))
    if identity.email:
        found.add((MAILBOX, _mailbox(identity.email)))
    return frozenset(found)


def name_parts(name: str) -> list[str]:
    """The words of a name, in one order: no accent, no case, no hyphen, no single letter."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LIGATURES))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return sorted({part for part in re.split(r"[\W\d_]+", letters) if len(part) > 1})


def renew(session: Session, person_id: int, found: frozenset[Trait]) -> None:
    """Keep a person's traits in place of those of before."""
    forget(session, person_id)
    keys = person_keys.keys_of(session)
    session.add_all(
        LikenessIndex(person_id=person_id, kind=kind, value=blind_index.of(keys, kind, value))
        for kind, value in sorted(found)
    )
    session.flush()


def forget(session: Session, person_id: int) -> None:
    """Keep nothing by which the person could be found."""
    session.execute(delete(LikenessIndex).where(LikenessIndex.person_id == person_id))


def _birth(born: date) -> str:
    # 3 April and 4 March are the same to whoever turned day and month round.
    return f"{born.year}-{min(born.day, born.month)}-{max(born.day, born.month)}"


def _mailbox(email: str) -> str:
    """The address without what many providers let people add: ``ada+study@…`` arrives where ``ada@…`` does."""
    local, _at, domain = blind_index.email_key(email).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
