"""Send the notices that are due: look where the hint says so, claim, compose, hand to the courier, mark.

The claim, the link and the words of a message are committed before the courier gets it, that it is being handed over
before the first byte leaves, and "sent" after. Several workers share a run, each with lines of its own to the outside,
so that a server that hangs keeps one of them waiting and not the others.
"""

import queue
import threading
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select, update

from app.config import Config
from app.db import Database, Databases
from app.identity import courier
from app.identity.carriage import Carrier, Fate, Receipt
from app.jobs import handing, letters
from app.jobs.letters import Office
from app.notices import outbox
from app.participants.models import Participant
from app.questionnaires.library import Library

BATCH = 200
"""Few enough for a run to end well within a lease, even where each message takes a second."""
WORKERS: Final = 4
PAUSE = outbox.LEASE + timedelta(minutes=5)
"""How long a participant whose look failed is left alone; longer than the lease that the failure may have left."""
BUDGET_S: Final = 240.0
"""No new look after that long in one run: what it claimed at its instant must not outlive its lease."""
BROKEN_LINES: Final = 3
"""After that many tries in a row without an answer the run ends: the server is down, and the next tick is soon."""

log = structlog.get_logger("weshare.jobs")


@dataclass(slots=True)
class Shift:
    """What the workers of one run share."""

    waiting: "queue.SimpleQueue[int]"
    ends_at: float
    counts: Counter[str] = field(default_factory=Counter)
    counting: threading.Lock = field(default_factory=threading.Lock)
    broken: int = 0

    def count(self, what: str) -> None:
        """Add one."""
        with self.counting:
            self.counts[what] += 1

    def tried(self, receipt: Receipt) -> None:
        """Count a try, and keep in mind how many in a row got no answer."""
        self.count("sent" if receipt.fate is Fate.DELIVERED else receipt.fate.value)
        with self.counting:
            self.broken = self.broken + 1 if receipt.code in courier.BROKEN else 0

    @property
    def is_over(self) -> bool:
        """Whether nobody should be looked at any more in this run."""
        return self.broken >= BROKEN_LINES or time.monotonic() > self.ends_at


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:
    """Look at the participants whose time has come, the longest waiting first, at most BATCH of them.

    Counts what happened: looked, sent, later, unclear, bounced, unreachable, failed. Nobody's failure stops another.
    """
    if databases.study is None or databases.vault is None:
        raise RuntimeError("sending notices needs the study's database and the vault's")
    office = Office(databases.study, databases.vault, config, library)
    shift = Shift(queue.SimpleQueue(), time.monotonic() + BUDGET_S)
    due = _due(office.study, at)
    for participant_id in due:
        shift.waiting.put(participant_id)
    workers = min(WORKERS, len(due)) if config.mail or config.sms else 1
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(_work, office, shift, at) for _number in range(workers)]:
                done.result()
    elif due:
        _work(office, shift, at)
    if shift.is_over:
        shift.counts["stopped"] = 1
    return shift.counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left somebody for the next one, who need not wait for the next tick."""
    return counts["looked"] >= BATCH and not counts["stopped"]


def _due(study: Database, at: datetime) -> list[int]:
    hints = select(Participant.id).where(Participant.next_look_at <= at).order_by(Participant.next_look_at)
    with study.read() as session:
        return list(session.scalars(hints.limit(BATCH)))


def _work(office: Office, shift: Shift, at: datetime) -> None:
    lines = courier.carriers(office.config.mail, office.config.sms)
    try:
        while not shift.is_over:
            try:
                participant_id = shift.waiting.get_nowait()
            except queue.Empty:
                return
            shift.count("looked")
            _look(office, lines, shift, participant_id, at)
    finally:
        for line in lines.values():
            line.close()


def _look(office: Office, lines: dict[str, Carrier], shift: Shift, participant_id: int, at: datetime) -> None:
    try:
        for letter in letters.claim(office, participant_id, at):
            receipt = handing.send(office, lines, letter, at)
            if receipt is not None:
                shift.tried(receipt)
    except Exception as problem:
        shift.count("failed")
        log.error("notice failed", participant=participant_id, error=type(problem).__name__, where=_where(problem))
        _push_on(office.study, participant_id, at)


def _push_on(study: Database, participant_id: int, at: datetime) -> None:
    waiting = (Participant.id == participant_id, Participant.next_look_at <= at + PAUSE)
    with study.write() as session:
        session.execute(update(Participant).where(*waiting).values(next_look_at=at + PAUSE))
        session.commit()


def _where(problem: Exception) -> str:
    """The line that failed. Never the error's own words: they may quote an address or a link."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{last.name}:{last.lineno}"
