"""Who did what, when, to what on the study side: append-only, each entry chained to the one before it."""

from app.chain import guards
from app.chain.entry import ChainedEntry
from app.db import StudyBase, table


class AuditEntry(ChainedEntry, StudyBase):
    """One act; ``facts`` hold codes and pseudonyms, never an answer or an address."""

    __tablename__ = "audit_entry"


guards.install_with(table(AuditEntry))
