"""How often an address has bounced: after a few times in a row it is left alone until the identity is corrected."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.db import table
from app.identity.carriage import Fate
from app.identity.models import Person, Pseudonym, Reachability

DEAD_AFTER: Final = 3
"""That many bounces in a row, of different messages: one can be a mistake of the other side."""

_ROWS, _NAMES = table(Reachability), table(Pseudonym)
_WHOSE = select(_NAMES.c.person_id).where(_NAMES.c.value == bindparam("pseudonym")).scalar_subquery()
_FORGET = delete(_ROWS).where(_ROWS.c.person_id == _WHOSE, _ROWS.c.channel == bindparam("way"))


def is_dead(session: Session, person: Person, channel: str) -> bool:
    """Whether the person is not written to any more that way."""
    row = session.get(Reachability, (person.id, channel))
    return row is not None and row.revision == person.revision and row.bounces >= DEAD_AFTER


def dead_among(session: Session, people: Collection[Person]) -> frozenset[tuple[int, str]]:
    """Of the people, who is not written to any more in which way, by person id and channel; one statement."""
    revisions = {person.id: person.revision for person in people}
    asked = select(Reachability).where(Reachability.person_id.in_(revisions), Reachability.bounces >= DEAD_AFTER)
    rows = session.scalars(asked)
    return frozenset((row.person_id, row.channel) for row in rows if row.revision == revisions[row.person_id])


def forget_bounces(session: Session, pseudonym: str, channel: str) -> None:
    """After a delivery: that address is good."""
    session.execute(_FORGET, {"pseudonym": pseudonym, "way": channel})


def note(session: Session, person: Person, channel: str, fate: Fate, at: datetime) -> bool:
    """Count a bounce; True if the address is dead from now on."""
    if fate is not Fate.BOUNCED:
        return False
    row = session.get(Reachability, (person.id, channel), with_for_update=True)
    if row is None:
        row = Reachability(person_id=person.id, channel=channel, bounces=0, revision=person.revision)
        session.add(row)
    # Whatever was corrected in the identity, the address gets another chance.
    row.bounces = row.bounces + 1 if row.revision == person.revision else 1
    row.revision, row.bounced_at = person.revision, at
    session.flush()
    return row.bounces >= DEAD_AFTER
