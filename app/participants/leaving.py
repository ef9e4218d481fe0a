"""A participant takes something back: the reasons that can be recorded, and until when a mistake can be undone."""

from datetime import datetime, timedelta
from typing import Final

from app.errors import Refusal
from app.participants import enrol
from app.participants.models import Participant
from app.scheduling.participation import Withdrawal

REASONS: Final = ("own-wish", "too-burdensome", "too-ill", "doctor", "moved", "lost", "other")
"""Why somebody leaves, as far as it is known and may be asked."""
UNDO_WITHIN: Final = timedelta(hours=24)
"""How long a withdrawal that was recorded by mistake can be taken back; afterwards it is what the person wished."""


def withdraw(participant: Participant, what: Withdrawal, reason: str, at: datetime) -> bool:
    """Record one of the three acts; False if it was recorded before. Refusal("unknown-reason")."""
    if reason not in REASONS:
        raise Refusal("unknown-reason")
    if since(participant, what) is not None:
        return False
    enrol.withdraw(participant, at, what)
    return True


def undo(participant: Participant, what: Withdrawal, at: datetime) -> bool:
    """Take back what was recorded by mistake; False if nothing was. Refusal("too-late-to-undo")."""
    withdrawn = since(participant, what)
    if withdrawn is None:
        return False
    if not may_undo(participant, what, at):
        raise Refusal("too-late-to-undo")
    setattr(participant, enrol.WITHDRAWALS[what], None)
    participant.next_look_at = at
    return True


def since(participant: Participant, what: Withdrawal) -> datetime | None:
    """Since when that act holds; None: it does not."""
    found: datetime | None = getattr(participant, enrol.WITHDRAWALS[what])
    return found


def may_undo(participant: Participant, what: Withdrawal, at: datetime) -> bool:
    """Whether the act was recorded so recently that it may have been a mistake."""
    withdrawn = since(participant, what)
    return withdrawn is not None and at < withdrawn + UNDO_WITHIN
