"""What will be sent to whom in the next days, if nothing is answered until then: by the rules that the sender asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.notices import history, outbox
from app.notices.history import AHEAD
from app.participants import queries
from app.participants.queries import Among, Person
from app.scheduling.ladder import Step
from app.scheduling.participation import OccasionKey, Stopped
from app.scheduling.protocol import Protocol
from app.scheduling.reminders import coming_steps
from app.studies.queries import StudyAccess
from app.web.request import current


@dataclass(frozen=True, slots=True)
class Coming:
    """One message of a visit; several of one person on one day travel as one."""

    at: datetime
    subject: str
    visit: Mapping[str, str]
    kind: str


def coming(access: StudyAccess, protocols: Mapping[int, Protocol]) -> tuple[list[Coming], bool]:
    """The messages of the next days, the nearest first, and whether more people than were looked at may get some."""
    until = current.at + AHEAD
    ids = history.next_looks(current.session, access.study.id, access.site_ids, until)
    if not ids:
        return [], False
    people = queries.people(current.session, Among(access.study.id, ids=tuple(ids)), protocols, current.at)
    settled = outbox.settled(current.session, ids)
    found = [one for person in people for one in _of(person, settled.get(person.id, {}), until)]
    return sorted(found, key=lambda one: (one.at, one.subject)), len(ids) == history.PAGE


def _of(person: Person, settled: Mapping[OccasionKey, frozenset[str]], until: datetime) -> list[Coming]:
    silent_since = person.known.ends(Stopped.SENDING)
    found = []
    for visit in person.visits:
        occasion = visit.occasion
        sent = settled.get(occasion.key, frozenset())
        steps: list[Step] = list(coming_steps(occasion, visit.facts, sent, silent_since, current.at, until))
        found += [Coming(one.at, person.subject_code, occasion.visit.title, one.reminder.kind) for one in steps]
    return found
