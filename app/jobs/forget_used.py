"""Remove the marks of what counts once, when what they mark has expired: links, codes' steps, challenges, assertions.

As long as something could still be used, its mark stays; a day longer even, for clocks that differ.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from app import once
from app.accounts.models import StaffResetLink, UsedAssertion
from app.config import Config
from app.db import Database, Databases
from app.identity.models import AddressChange, UsedTicket
from app.identity.sign_in_models import MailedLink, OperatorResetLink, PersonStep
from app.questionnaires.library import Library

KEPT: Final = timedelta(days=1)
"""After its end: long enough for the clocks of two machines, and for counting what was asked for in a day."""
BATCH: Final = 1000
OF_THE_STUDY_SIDE: Final[tuple[type[Any], ...]] = (UsedAssertion, StaffResetLink)
OF_THE_VAULT: Final[tuple[type[Any], ...]] = (UsedTicket, PersonStep, MailedLink, AddressChange, OperatorResetLink)


def run(databases: Databases, config: Config, library: Library, *, at: datetime) -> Counter[str]:  # noqa: ARG001 -- every job is called alike
    """One go at what is over, on the sides that this process has."""
    counts: Counter[str] = Counter()
    for database, models in ((databases.study, OF_THE_STUDY_SIDE), (databases.vault, OF_THE_VAULT)):
        for model in models if database is not None else ():
            counts[model.__tablename__] = _forget(database, model, at)
    return +counts


def is_full(counts: Counter[str]) -> bool:
    """Whether a run may have left something for the next one."""
    return any(count >= BATCH for count in counts.values())


def _forget(database: Database | None, model: type[Any], at: datetime) -> int:
    if database is None:
        return 0
    with database.write() as session:
        removed = once.forget(session, model, at - KEPT, BATCH)
        session.commit()
    return removed
