"""Remove registrations that nobody confirmed in time, with everything that was typed."""

from collections import Counter
from datetime import datetime

from app.config import Config
from app.db import Databases
from app.identity import registrations
from app.questionnaires.library import Library


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001 -- every job is called alike
    """One go at what is over."""
    if databases.vault is None:
        return Counter()
    with databases.vault.write() as session:
        removed = registrations.remove_old(session, at)
        session.commit()
    return Counter({"removed": removed}) if removed else Counter()


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left something for the next one."""
    return counts["removed"] >= registrations.BATCH
