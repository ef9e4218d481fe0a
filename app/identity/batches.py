"""A list of people is entered for one study: each of them new, known already, or left out, as somebody says.

The same list sent again enters nobody a second time, whether with the same ticket or, after something broke, another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import blind_index, duplicates, likeness, people, person_keys, tickets
from app.identity.batch_file import Line, Mistake
from app.identity.duplicates import Candidate
from app.identity.models import BatchLine, Person
from app.identity.tickets import Ticket

NEW, SKIP = "new", "skip"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one line stands: entered before under its code, like somebody who is known, like an earlier line, or new."""

    line: Line
    entered: int | None
    known: tuple[Candidate, ...]
    twins: tuple[int, ...]
    is_address_taken: bool

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody has to say who this is."""
        return self.entered is None and bool(self.known or self.twins)

    @property
    def decisions(self) -> tuple[str, ...]:
        """What can be said of a doubtful line: a person's number, NEW or SKIP."""
        new = () if self.is_address_taken else (NEW,)
        return (*(str(one.person_id) for one in self.known), *new, SKIP)


@dataclass(frozen=True, slots=True)
class Entry:
    """A subject code and the person behind it; ``is_new``: entered just now."""

    subject: str
    person: Person
    is_new: bool
    was_known: bool


def look(session: Session, study: str, lines: Sequence[Line]) -> tuple[list[Standing], list[Mistake]]:
    """How each line stands, and those whose code was entered before for somebody quite different. Nothing changes."""
    keys = person_keys.keys_of(session)
    found, mistakes = [], []
    by_trait: dict[likeness.Trait, list[int]] = {}
    for line in lines:
        kept = session.get(BatchLine, _index(session, study, line.subject))
        known = tuple(duplicates.candidates(session, line.identity))
        if kept is not None and kept.person_id not in {one.person_id for one in known}:
            mistakes.append(Mistake(line.number, "subject", "of-another"))
            continue
        traits = likeness.traits(line.identity)
        twins = sorted({number for trait in traits for number in by_trait.get(trait, ())})
        for trait in traits:
            by_trait.setdefault(trait, []).append(line.number)
        email = line.identity.email
        address = (
            None if email is None else select(Person.id).where(Person.email_index == blind_index.of_email(keys, email))
        )
        is_taken = address is not None and session.scalar(address) is not None
        entered = None if kept is None else kept.person_id
        found.append(Standing(line, entered, known, tuple(twins), is_taken))
    return found, mistakes


def enter(
    session: Session,
    ticket: Ticket,
    standings: Sequence[Standing],
    decisions: Mapping[int, str],
    at: datetime,
    on_entry: Callable[[Entry], None],
) -> list[Entry]:
    """Everybody on the list who is not left out, each told to ``on_entry``; ``decisions`` by line.

    With a ticket that was used already only those are found again whom the list entered then. KeyError for a doubtful
    line of which nobody has said who it is: look at ``undecided`` first.
    """
    try:
        tickets.use_up(session, ticket)
        is_first = True
    except Refusal:
        is_first = False
    entries = []
    for standing in standings:
        person_id = standing.entered
        if person_id is not None:
            entry = Entry(standing.line.subject, session.get_one(Person, person_id), is_new=False, was_known=False)
        elif not is_first:
            continue
        else:
            decision = decisions[standing.line.number] if standing.is_doubtful else NEW
            if decision == SKIP:
                continue
            entry = _entered(session, ticket, standing, decision, at)
        on_entry(entry)
        entries.append(entry)
    return entries


def undecided(standings: Sequence[Standing], decisions: Mapping[int, str]) -> list[int]:
    """The lines of which somebody has still to say who they are."""
    doubtful = (one for one in standings if one.is_doubtful)
    return [one.line.number for one in doubtful if decisions.get(one.line.number) not in one.decisions]


def _entered(session: Session, ticket: Ticket, standing: Standing, decision: str, at: datetime) -> Entry:
    line = standing.line
    if decision == NEW:
        person = people.enter(session, line.identity, ticket.facts["language"], None, at)
    else:
        person = session.get_one(Person, int(decision))
    session.add(
        BatchLine(line_index=_index(session, ticket.facts["study"], line.subject), person_id=person.id, entered_at=at)
    )
    session.flush()
    return Entry(line.subject, person, is_new=decision == NEW, was_known=decision != NEW)


def _index(session: Session, study: str, subject: str) -> str:
    return blind_index.of(person_keys.keys_of(session), "batch-line", f"{study}\x00{subject.casefold()}")
