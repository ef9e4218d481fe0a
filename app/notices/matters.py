"""What the professionals of a site should hear of soon: each thing is raised once, by whoever finds it out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import once
from app.notices.models import Matter
from app.participants.models import Participant

ADDRESS: Final = "address"
"""No message reaches the participant any more: somebody has to ask for an address that works."""
FAILED: Final = "failed"
"""One message could not be delivered."""
UNANSWERED: Final = "unanswered"
"""A visit is still unanswered, and its protocol says that staff are told."""
CONSENT_REFUSED: Final = "consent-refused"
"""Somebody does not agree to a new version of the study's consent: it has to be asked what that means."""
CONSENT_TALK: Final = "consent-talk"
"""Somebody wants to talk to the team before saying whether to agree."""
KINDS: Final = (ADDRESS, FAILED, UNANSWERED, CONSENT_REFUSED, CONSENT_TALK)


def raise_once(
    session: Session, participant: Participant, kind: str, about: str, at: datetime, role: str | None = None
) -> None:
    """Keep it for whoever is to be told; nothing happens if it was raised before."""
    name = f"{kind}:{about}"
    if session.scalar(select(Matter.id).where(Matter.about == name)) is None:
        where = {"study_id": participant.study_id, "site_id": participant.site_id}
        once.insert(session, Matter(kind=kind, about=name, role=role, raised_at=at, **where))


def untold(session: Session, limit: int) -> Sequence[Matter]:
    """Those of which nobody has been told, the oldest first, nobody else's for this transaction."""
    waiting = select(Matter).where(Matter.told_at.is_(None)).order_by(Matter.id).limit(limit)
    return session.scalars(waiting.with_for_update(skip_locked=True)).all()


def oldest_untold(session: Session) -> datetime | None:
    """Since when the one that waits longest has waited for somebody to be told; None where none waits."""
    return session.scalar(select(func.min(Matter.raised_at)).where(Matter.told_at.is_(None)))
