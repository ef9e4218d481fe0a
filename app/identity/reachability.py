"""How often an address has bounced: after a few times in a row it is left alone until the identity is corrected."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.identity.carriage import Fate
from app.identity.models import Person, Reachability

DEAD_AFTER: Final = 3
"""That many bounces in a row, of different messages: one can be a mistake of the other side."""


def is_dead(session: Session, person: Person, channel: str) -> bool:
    """Whether the person is not written to any more that way."""
    row = session.get(Reachability, (person.id, channel))
    return row is not None and row.revision == person.revision and row.bounces >= DEAD_AFTER


def note(session: Session, person: Person, channel: str, fate: Fate, at: datetime) -> bool:
    """Count a bounce, or forget earlier ones after a delivery; True if the address is dead from now on."""
    row = session.get(Reachability, (person.id, channel), with_for_update=True)
    if fate is Fate.DELIVERED:
        if row is not None:
            session.delete(row)
        return False
    if fate is not Fate.BOUNCED:
        return False
    if row is None:
        row = Reachability(person_id=person.id, channel=channel, bounces=0, revision=person.revision)
        session.add(row)
    # Whatever was corrected in the identity, the address gets another chance.
    row.bounces = row.bounces + 1 if row.revision == person.revision else 1
    row.revision, row.bounced_at = person.revision, at
    session.flush()
    return row.bounces >= DEAD_AFTER
