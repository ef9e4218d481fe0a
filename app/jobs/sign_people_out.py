"""End on the study side what operators were asked to end: the vault knows who it is, and only a job reaches both."""

from collections import Counter
from datetime import datetime

from app.accounts import accounts, sign_ins
from app.audit import trail
from app.config import Config
from app.db import Databases
from app.identity import sign_outs
from app.questionnaires.library import Library


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001 -- every job is called alike
    """One go at what waits. Whoever was stopped half-way ends the same again: a sign-in of afterwards stays."""
    counts: Counter[str] = Counter()
    if databases.study is None or databases.vault is None:
        return counts
    with databases.vault.read() as session:
        waiting = sign_outs.waiting(session)
    for order in waiting:
        with databases.study.write() as session:
            sign_ins.end_of_before(session, order.account, order.asked_at, at)
            if order.is_erasure:
                accounts.tell_nothing_more(session, order.account)
            trail.record(session, at, "vault", "sign-ins.ended", f"account:{order.account}")
            session.commit()
        with databases.vault.write() as session:
            sign_outs.done(session, order.number, at)
            session.commit()
        counts["done"] += 1
    return counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left something for the next one."""
    return counts.total() >= sign_outs.BATCH
