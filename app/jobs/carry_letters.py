"""Carry the vault's own letters: links to sign in, invitations. Claim, carry, mark, each committed by itself."""

from collections import Counter
from datetime import datetime

from app.config import Config
from app.db import Database, Databases
from app.identity import courier, letters
from app.identity.carriage import Carrier, Receipt
from app.questionnaires.library import Library


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001 -- every job is called alike
    """One go at what is due; without a mail server nothing is touched, and the demonstration shows the letters."""
    if databases.vault is None or config.mail is None:
        return Counter()
    counts: Counter[str] = Counter()
    lines = courier.carriers(config.mail, None)
    with databases.vault.read() as session:
        waiting = letters.due(session, at)
    for letter_id in waiting:
        counts[_carry(databases.vault, lines[courier.EMAIL], letter_id, at)] += 1
    lines[courier.EMAIL].close()
    return counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left something for the next one."""
    return counts.total() >= letters.BATCH


def _carry(vault: Database, line: Carrier, letter_id: int, at: datetime) -> str:
    with vault.write() as session:
        is_mine = letters.claim(session, letter_id, at)
        packed = letters.pack(session, letter_id) if is_mine else None
        session.commit()
    if packed is None:
        return "left"
    receipt = packed.parcel if isinstance(packed.parcel, Receipt) else line.carry(packed.parcel, at)
    with vault.write() as session:
        if not packed.is_elsewhere:
            courier.record(session, packed.pseudonym, courier.EMAIL, receipt, at)
        letters.settle(session, letter_id, receipt.fate, at)
        session.commit()
    return receipt.fate.value
