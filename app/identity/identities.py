"""Who a person is, in clear: opened for a moment by whoever has the vault's keys, sealed again when it changes."""

from datetime import date

from sqlalchemy.orm import Session

from app.identity import blind_index, likeness, person_keys, sealed_rows
from app.identity.identity import Identity
from app.identity.models import Person


def read(session: Session, person: Person) -> Identity:
    """Open somebody's identity; person_keys.NoKey if the person was erased."""
    return opened(person, person_keys.of(session, person.id))


def opened(person: Person, key: bytes) -> Identity:
    """The identity in a row, with the person's key at hand."""
    found = sealed_rows.read_all(person, key)
    birth = found["birth_date"]
    return Identity(
        email=found["email"],
        given_name=found["given_name"] or "",
        family_name=found["family_name"] or "",
        phone=found["phone"],
        birth_date=date.fromisoformat(birth) if birth else None,
        postal_address=found["postal_address"],
    )


def write(session: Session, person: Person, identity: Identity) -> None:
    """Seal a new or corrected identity and renew what the person is found by. The address must be nobody else's."""
    keys = person_keys.keys_of(session)
    person.email_index = None if identity.email is None else blind_index.of_email(keys, identity.email)
    change(session, person, _values(identity))
    likeness.renew(session, person.id, likeness.traits(identity))


def seal(session: Session, person: Person, identity: Identity) -> None:
    """Seal an identity by which nobody is to be found yet."""
    change(session, person, _values(identity))


def change(session: Session, person: Person, changes: dict[str, str | None]) -> None:
    """Change some sealed values: everything is sealed again under the next revision, so that no old value fits."""
    key = person_keys.for_sealing(session, person.id)
    values = sealed_rows.read_all(person, key) | changes
    person.revision += 1
    sealed_rows.write_all(person, key, values)
    session.flush()


def _values(identity: Identity) -> dict[str, str | None]:
    return {
        "email": None if identity.email is None else identity.email.strip(),
        "given_name": identity.given_name,
        "family_name": identity.family_name,
        "phone": identity.phone,
        "birth_date": None if identity.birth_date is None else identity.birth_date.isoformat(),
        "postal_address": identity.postal_address,
    }
