"""One run of the sender: the workers that share it, and what they have between them.

People are claimed by handfuls, so that what is the same for all is asked once. Each worker has lines of its own to the
outside, so that a server that hangs keeps one of them waiting and not the others.
"""

import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import update

from app.accounts.models import Account
from app.db import Database
from app.identity import courier
from app.identity.carriage import Carrier, Fate, Receipt
from app.jobs import handing, offers
from app.jobs.handing import Done, Ready
from app.jobs.letters import Office, Reader
from app.jobs.pace import Pace
from app.notices import outbox
from app.participants.models import Participant

WORKERS: Final = 4
HANDFUL: Final = 16
"""How many people one worker claims at once, at most: what a killed one leaves waits for the end of its lease."""
PAUSE = outbox.LEASE + timedelta(minutes=5)
"""How long a participant whose look failed is left alone; longer than the lease that the failure may have left."""
BUDGET_S: Final = 240.0
"""No new look after that long in one run: what it claimed at its instant must not outlive its lease."""
BROKEN_LINES: Final = 3
"""After that many tries in a row without an answer the run ends: the server is down, and the next tick is soon."""

log = structlog.get_logger("weshare.jobs")


@dataclass(slots=True)
class Shift:
    """What the workers of one run share: who waits to be looked at, and what is claimed and waits to leave."""

    office: Office
    at: datetime
    waiting: deque[Reader]
    ends_at: float = field(default_factory=lambda: time.monotonic() + BUDGET_S)
    ready: deque[Ready] = field(default_factory=deque)
    counts: Counter[str] = field(default_factory=Counter)
    taking: threading.Lock = field(default_factory=threading.Lock)
    broken: int = 0
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        mail = self.office.config.mail
        self.pace = Pace(None if mail is None else mail.per_minute)

    def handful(self) -> list[Reader]:
        """The next people to look at: fewer towards the end, so that every worker has some."""
        with self.taking:
            share = min(len(self.waiting), max(1, min(HANDFUL, len(self.waiting) // WORKERS)))
            self.counts["looked"] += share
            return [self.waiting.popleft() for _number in range(share)]

    def next_ready(self) -> Ready | None:
        """The next claimed message, if there is one and the run is not over."""
        with self.taking:
            return self.ready.popleft() if self.ready and not self.is_over else None

    def tried(self, receipt: Receipt) -> None:
        """Count a try, and keep in mind how many in a row got no answer."""
        with self.taking:
            self.counts["sent" if receipt.fate is Fate.DELIVERED else receipt.fate.value] += 1
            self.broken = self.broken + 1 if receipt.code in courier.BROKEN else 0

    def failed(self, people: Sequence[Reader], problem: Exception) -> None:
        """Say so, and leave the people alone for a while."""
        with self.taking:
            self.counts["failed"] += 1
        log.error("notice failed", readers=list(people), error=type(problem).__name__, where=_where(problem))
        _push_on(self.office.study, people, self.at)

    def put_back(self) -> None:
        """At the end of a run that is cut short: what is claimed and has not left is the next run's."""
        if self.ready:
            handing.put_back(self.office, [one.letter for one in self.ready], self.at)

    @property
    def is_over(self) -> bool:
        """Whether nobody should be looked at any more in this run."""
        return self.broken >= BROKEN_LINES or time.monotonic() > self.ends_at


@dataclass(slots=True)
class Worker:
    """One of those that send. ``done``: what it sent last, not marked yet. ``seen``: whose hints are to be renewed."""

    shift: Shift
    lines: Mapping[str, Carrier]
    done: Done | None = None
    seen: list[Reader] = field(default_factory=list)

    def work(self) -> None:
        """Send what is ready; where nothing is, claim the next handful. Nobody's failure stops another."""
        while not self.shift.is_over:
            if not self.shift.ready:
                people = self.shift.handful()
                if not people:
                    return
                for alike in offers.apart(people):
                    self._claim(alike)
            for _number in range(HANDFUL):
                ready = self.shift.next_ready()
                if ready is None:
                    break
                self._send(ready)
            self._mark()
            self._look_again()

    def _claim(self, people: Sequence[Reader]) -> None:
        """Claim, and make ready to leave; where somebody is a stumbling block, each one alone."""
        if not people:
            return
        office, at = self.shift.office, self.shift.at
        try:
            self.shift.ready.extend(handing.pack_all(office, self.lines, handing.claim(office, people, at)))
        except Exception as problem:
            if len(people) == 1:
                self.shift.failed(people, problem)
                return
            for one in people:
                self._claim([one])

    def _send(self, ready: Ready) -> None:
        """One try. What was sent before it is marked in the same transaction in which it begins."""
        office, at, letter = self.shift.office, self.shift.at, ready.letter
        if self.shift.pace.is_set:
            self._mark()
            self.shift.pace.wait()
        try:
            parcel = handing.pack(office, self.lines, ready)
            is_begun = handing.pass_on(office, self.done, letter, at)
        except Exception as problem:
            self.shift.failed(letter.readers, problem)
            self._mark()
            return
        self._marked()
        if not is_begun:
            self.seen += letter.readers
            return
        try:
            self.done = Done(letter, handing.hand_over(office, self.lines, letter, parcel, at))
        except Exception as problem:
            self.shift.failed(letter.readers, problem)
            return
        self.shift.tried(self.done.receipt)

    def _mark(self) -> None:
        """Mark what was sent last, by itself."""
        if self.done is None:
            return
        try:
            handing.pass_on(self.shift.office, self.done, None, self.shift.at)
        except Exception as problem:
            self.shift.failed(self.done.letter.readers, problem)
            self.done = None
        self._marked()

    def _marked(self) -> None:
        if self.done is not None:
            self.seen += self.done.letter.readers
            self.done = None

    def _look_again(self) -> None:
        seen, self.seen = self.seen, []
        try:
            handing.look_again(self.shift.office, seen, self.shift.at)
        except Exception as problem:
            self.shift.failed(seen, problem)


def _push_on(study: Database, people: Sequence[Reader], at: datetime) -> None:
    participants, accounts = offers.apart(people)
    with study.write() as session:
        waiting = (Participant.id.in_(participants), Participant.next_look_at <= at + PAUSE)
        session.execute(update(Participant).where(*waiting).values(next_look_at=at + PAUSE))
        if accounts:
            due = (Account.pseudonym.in_(accounts), Account.next_look_at <= at + PAUSE)
            session.execute(update(Account).where(*due).values(next_look_at=at + PAUSE))
        session.commit()


def _where(problem: Exception) -> str:
    """The line that failed. Never the error's own words: they may quote an address or a link."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{last.name}:{last.lineno}"
