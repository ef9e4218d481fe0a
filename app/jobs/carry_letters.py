"""Carry the vault's own letters: links to sign in, invitations, and what operators are told. Claim, carry, mark, each
committed by itself.
"""

from collections import Counter
from datetime import datetime

from app.config import Config
from app.db import Database, Databases
from app.identity import courier, letters, operator_letters
from app.identity.carriage import Carrier, Fate, Receipt
from app.identity.sign_in_models import OperatorLetter
from app.questionnaires.library import Library


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001 -- every job is called alike
    """One go at what is due; without a mail server nothing is touched, and the demonstration shows the letters."""
    if databases.vault is None or config.mail is None:
        return Counter()
    counts: Counter[str] = Counter()
    line = courier.carriers(config.mail, None)[courier.EMAIL]
    with databases.vault.read() as session:
        to_persons, to_operators = letters.due(session, at), letters.due(session, at, OperatorLetter)
    for letter_id in to_persons:
        counts[_carry(databases.vault, line, letter_id, at)] += 1
    for letter_id in to_operators:
        counts[_carry_to_operator(databases.vault, line, letter_id, config.vault_url, at)] += 1
    line.close()
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


def _carry_to_operator(vault: Database, line: Carrier, letter_id: int, url: str, at: datetime) -> str:
    with vault.write() as session:
        if not letters.claim(session, letter_id, at, OperatorLetter):
            return "left"
        parcel = operator_letters.pack(session, session.get_one(OperatorLetter, letter_id), url, at)
        session.commit()
    fate = Fate.UNREACHABLE if parcel is None else line.carry(parcel, at).fate
    with vault.write() as session:
        if letters.settle(session, letter_id, fate, at, OperatorLetter):
            operator_letters.over(session, session.get_one(OperatorLetter, letter_id))
        session.commit()
    return fate.value
