"""Send the notices that are due: look where the hint says so, claim, compose, hand to the courier, mark.

The claim, the link and the words of a message are committed before the courier gets it, that it is being handed over
before the first byte leaves, and "sent" after.
"""

from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Account
from app.config import Config
from app.db import Database, Databases
from app.identity import courier
from app.jobs import shift
from app.jobs.letters import Office, Reader
from app.jobs.shift import Shift, Worker
from app.participants.models import Participant
from app.questionnaires.library import Library

BATCH = 200
"""Few enough for a run to end well within a lease, even where each message takes a second."""


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:
    """Look at the people whose time has come, as participants or as accounts, the longest waiting first.

    At most BATCH of them. Counts what happened: looked, sent, later, unclear, bounced, unreachable, failed. Nobody's
    failure stops another.
    """
    if databases.study is None or databases.vault is None:
        raise RuntimeError("sending notices needs the study's database and the vault's")
    due = _due(databases.study, at)
    mine = Shift(Office(databases.study, databases.vault, config, library), at, deque(due))
    workers = min(shift.WORKERS, len(due)) if config.mail or config.sms else 1
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(_work, mine) for _number in range(workers)]:
                done.result()
    elif due:
        _work(mine)
    mine.put_back()
    if mine.is_over:
        mine.counts["stopped"] = 1
    return mine.counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left somebody for the next one, who need not wait for the next tick."""
    return counts["looked"] >= BATCH and not counts["stopped"]


def _due(study: Database, at: datetime) -> list[Reader]:
    participants = select(Participant.next_look_at, Participant.id).where(Participant.next_look_at <= at)
    accounts = select(Account.next_look_at, Account.pseudonym).where(Account.next_look_at <= at)
    with study.read() as session:
        waiting: list[tuple[datetime | None, Reader]] = [
            *session.execute(participants.order_by(Participant.next_look_at).limit(BATCH)),
            *session.execute(accounts.order_by(Account.next_look_at).limit(BATCH)),
        ]
    return [reader for _since, reader in sorted(waiting, key=lambda one: one[0] or at)[:BATCH]]


def _work(mine: Shift) -> None:
    lines = courier.carriers(mine.office.config.mail, mine.office.config.sms)
    try:
        Worker(mine, lines).work()
    finally:
        for line in lines.values():
            line.close()
