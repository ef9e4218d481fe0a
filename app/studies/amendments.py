"""An amendment on its way: proposed, approved, applied, perhaps reverted; each act once, with who and when.

What it does to participants is participants/amending.py.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.scheduling.amend import STAY
from app.studies.models import Amendment, ProtocolVersion


class Stage(StrEnum):
    """How far an amendment has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    APPLIED = "applied"
    REVERTED = "reverted"


def stage(amendment: Amendment) -> Stage:
    """How far it has come, by the acts that are recorded."""
    if amendment.reverted_at is not None:
        return Stage.REVERTED
    if amendment.applied_at is not None:
        return Stage.APPLIED
    return Stage.PROPOSED if amendment.approved_at is None else Stage.APPROVED


def propose(
    session: Session, version: ProtocolVersion, reason: str, at: datetime, by: str, open_visits: str = STAY
) -> Amendment:
    """Propose that those who take part go on under a published version; ``open_visits`` as in scheduling.amend."""
    amendment = Amendment(
        study_id=version.study_id,
        to_version_id=version.id,
        open_visits=open_visits,
        reason=reason,
        proposed_at=at,
        proposed_by=by,
    )
    session.add(amendment)
    session.flush()
    return amendment


def approve(amendment: Amendment, at: datetime, by: str) -> None:
    """Agree to a proposed amendment. Refusal ``amendment-moved-on`` at any other stage."""
    expect(amendment, Stage.PROPOSED)
    amendment.approved_at, amendment.approved_by = at, by


def expect(amendment: Amendment, wanted: Stage) -> None:
    """Refusal ``amendment-moved-on`` unless the amendment is at that stage."""
    if stage(amendment) is not wanted:
        raise Refusal("amendment-moved-on")


def locked(session: Session, amendment_id: int) -> Amendment:
    """The amendment as it is now, nobody else's for this transaction."""
    return session.get_one(Amendment, amendment_id, with_for_update=True, populate_existing=True)


def of_study(session: Session, study_id: int) -> list[Amendment]:
    """All amendments of a study, the newest first."""
    return list(session.scalars(select(Amendment).where(Amendment.study_id == study_id).order_by(Amendment.id.desc())))
