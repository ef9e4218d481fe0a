"""Erasing a person: the key is destroyed, and with it the meaning of every copy of what it has sealed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import ledger, likeness, people, person_keys, sign_outs
from app.identity.models import AddressChange, MailboxMessage, Person, Pseudonym, Reachability
from app.identity.sealed_rows import SEALED
from app.identity.sign_in_models import (
    MailedLink,
    PersonFactor,
    PersonPasskey,
    PersonRecoveryCode,
    PersonSignOut,
    PersonStep,
    PersonTries,
)

OF_THE_PERSON = (
    AddressChange,
    MailboxMessage,
    MailedLink,
    PersonFactor,
    PersonPasskey,
    PersonRecoveryCode,
    PersonSignOut,
    PersonStep,
    PersonTries,
    Reachability,
)
"""What goes with a person, whole."""


def erase(session: Session, person: Person, at: datetime, by: str) -> None:
    """Leave of somebody only a number, the pseudonyms that led to it, and the fact and date of the erasure.

    What studies hold under those pseudonyms is theirs to keep or to delete; nobody can say any more whose it was.
    """
    forget(session, person, at)
    sign_outs.after_erasure(session, person, at)
    ledger.record(session, at, by, "person.erased", f"person:{person.id}")


def erase_for_study(session: Session, account_pseudonym: str, study: str, at: datetime, by: str) -> None:
    """Erase somebody whom only that study knows, as it was asked there.

    Refusal("known-in-other-studies") where another one still needs to reach the person, Refusal("pseudonym-unknown")
    if nobody has that pseudonym, or nobody any more.
    """
    try:
        person = people.person_for(session, account_pseudonym)
    except people.UnknownPseudonym as unknown:
        raise Refusal("pseudonym-unknown") from unknown
    if studies_of(session, person) - {people.study_domain(study)}:
        raise Refusal("known-in-other-studies")
    erase(session, person, at, by)


def erase_oneself(session: Session, person: Person, at: datetime, by: str) -> None:
    """Erase somebody who wishes it and whom no study knows; Refusal("known-in-studies") for all others."""
    if studies_of(session, person):
        raise Refusal("known-in-studies")
    erase(session, person, at, by)


def studies_of(session: Session, person: Person) -> set[str]:
    """The domains of the studies that know the person."""
    known = session.scalars(select(Pseudonym.domain).where(Pseudonym.person_id == person.id))
    return {domain for domain in known if domain.startswith(people.study_domain(""))}


def forget(session: Session, person: Person, at: datetime) -> None:
    """The same without a new act: for a restored vault, where the erasure is already on record."""
    person_keys.destroy(session, person.id)
    likeness.forget(session, person.id)
    for model in OF_THE_PERSON:
        session.execute(delete(model).where(model.person_id == person.id))
    person.email_index = None
    for column in SEALED[Person].columns:
        setattr(person, f"{column}_sealed", None)
    person.erased_at = at
    session.flush()
