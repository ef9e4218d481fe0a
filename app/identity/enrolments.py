"""A site enters somebody on the vault's page: a new person, or one who is here already and is recognised."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import duplicates, people, tickets
from app.identity.identity import Identity
from app.identity.models import Person
from app.identity.tickets import Ticket


def enter(session: Session, ticket: Ticket, identity: Identity, at: datetime) -> Person:
    """A new person for the ticket's study, in the language that it names.

    Refusal("address-already-registered") if the address is somebody's, Refusal("ticket-used") the second time.
    """
    tickets.use_up(session, ticket)
    return people.enter(session, identity, ticket.facts["language"], None, at)


def recognise(session: Session, ticket: Ticket, identity: Identity, person_id: int) -> Person:
    """The person who is here already, as the site says; nothing of what the vault holds is changed or shown.

    Refusal("not-the-same-person") for anybody whom this identity does not resemble.
    """
    if person_id not in {one.person_id for one in duplicates.candidates(session, identity)}:
        raise Refusal("not-the-same-person")
    tickets.use_up(session, ticket)
    return session.get_one(Person, person_id)
