"""Amendments: look through everybody whom one concerns, and move them once that is asked for.

Each participant is moved in a transaction of their own, and what has been looked through is kept batch by batch: a
process that is killed loses nothing, and the next run goes on where it stopped.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Config
from app.db import Database, Databases
from app.notices import outbox
from app.participants import amending, outlook
from app.questionnaires.library import Library
from app.studies import amendments
from app.studies.amendments import Stage
from app.studies.models import Amendment

AT_ONCE = 200
"""People in one run: some seconds, after which the clock may do something else."""

Mover = Callable[[Session, int, int, datetime], bool]


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001
    """One batch of each amendment that is under way; how many people were moved, held, or looked at."""
    counts: Counter[str] = Counter()
    if databases.study is None:
        return counts
    with databases.study.read() as session:
        found = [(one.id, amendments.stage(one)) for one in amendments.unfinished(session)]
    for id, stage in found:
        counts.update(STEPS[stage](databases.study, id, at))
    return counts


def is_full(counts: Counter[str]) -> bool:
    """Whether more may be waiting."""
    return counts.total() > 0


def _look(study: Database, id: int, at: datetime) -> Counter[str]:
    """Count one batch more of those whom it concerns."""
    with study.read() as session:
        amendment = session.get_one(Amendment, id)
        so_far = outlook.read(amendment.outlook, at)
        if so_far.is_whole:
            return Counter()
        people = amending.after(session, amendment, so_far.upto, AT_ONCE)
        sent = outbox.settled(session, [one.id for one in people])
        so_far.add(people, amending.preview(session, amendment, people, at, sent), at)
        so_far.is_whole = len(people) < AT_ONCE
        stage = amendments.stage(amendment)
    with study.write() as session:
        amendment = amendments.locked(session, id)
        if amendments.stage(amendment) is stage:  # approving it makes the counts begin anew
            amendment.outlook = outlook.kept(so_far)
        session.commit()
    return Counter(looked_at=len(people))


def _apply(study: Database, id: int, at: datetime) -> Counter[str]:
    with study.read() as session:
        people = [one.id for one in amending.after(session, session.get_one(Amendment, id), 0, AT_ONCE)]
    return _each(study, id, people, amending.move, at)


def _revert(study: Database, id: int, at: datetime) -> Counter[str]:
    with study.read() as session:
        people = amending.moved(session, session.get_one(Amendment, id), AT_ONCE)
    return _each(study, id, people, amending.move_back, at)


def _each(study: Database, id: int, people: list[int], mover: Mover, at: datetime) -> Counter[str]:
    """Move them one by one; where nobody was left, the amendment is through."""
    counts: Counter[str] = Counter()
    for person in people:
        with study.write() as session:
            counts["moved" if mover(session, id, person, at) else "not_moved"] += 1
            session.commit()
    if not people:
        with study.write() as session:
            amendments.finish(amendments.locked(session, id), at)
            session.commit()
    return counts


def _nothing(_study: Database, _id: int, _at: datetime) -> Counter[str]:
    return Counter()


STEPS: dict[Stage, Callable[[Database, int, datetime], Counter[str]]] = {
    Stage.PROPOSED: _look,
    Stage.APPROVED: _look,
    Stage.APPLYING: _apply,
    Stage.APPLIED: _nothing,
    Stage.REVERTING: _revert,
    Stage.REVERTED: _nothing,
}
