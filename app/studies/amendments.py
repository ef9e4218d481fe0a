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
    APPLYING = "applying"
    APPLIED = "applied"
    REVERTING = "reverting"
    REVERTED = "reverted"


UNDER_WAY = (Stage.APPLYING, Stage.REVERTING)
"""While a job moves people."""
_BY_ACT = (
    ("reverted_at", Stage.REVERTED),
    ("reverting_at", Stage.REVERTING),
    ("applied_at", Stage.APPLIED),
    ("applying_at", Stage.APPLYING),
    ("approved_at", Stage.APPROVED),
)


def stage(amendment: Amendment) -> Stage:
    """How far it has come, by the acts that are recorded."""
    done = (stage for act, stage in _BY_ACT if getattr(amendment, act) is not None)
    return next(done, Stage.PROPOSED)


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
    amendment.outlook = None  # what it does is looked at once more


def ask_to_apply(session: Session, amendment: Amendment, at: datetime, by: str) -> None:
    """From now on a job moves everybody concerned. Refusals ``amendment-moved-on``, ``amendment-under-way``."""
    expect(amendment, Stage.APPROVED)
    _refuse_two_at_once(session, amendment)
    amendment.applying_at, amendment.applying_by = at, by
    session.flush()


def ask_to_revert(session: Session, amendment: Amendment, at: datetime, by: str) -> None:
    """From now on a job moves everybody back. Refusals ``amendment-moved-on``, ``amendment-under-way``."""
    expect(amendment, Stage.APPLIED)
    _refuse_two_at_once(session, amendment)
    amendment.reverting_at, amendment.reverting_by = at, by
    session.flush()


def finish(amendment: Amendment, at: datetime) -> None:
    """Say that the last participant was moved, in the name of whoever asked for it."""
    if stage(amendment) is Stage.APPLYING:
        amendment.applied_at, amendment.applied_by = at, amendment.applying_by
    elif stage(amendment) is Stage.REVERTING:
        amendment.reverted_at, amendment.reverted_by = at, amendment.reverting_by


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


def unfinished(session: Session) -> list[Amendment]:
    """All that are not over, of every study, the oldest first: those to look through, and those that a job applies."""
    is_over = Amendment.reverted_at.is_not(None) | (
        Amendment.applied_at.is_not(None) & Amendment.reverting_at.is_(None)
    )
    return list(session.scalars(select(Amendment).where(~is_over).order_by(Amendment.id)))


def _refuse_two_at_once(session: Session, amendment: Amendment) -> None:
    """Two that move the same people at the same time would have no order."""
    others = (one for one in of_study(session, amendment.study_id) if one.id != amendment.id)
    if any(stage(one) in UNDER_WAY for one in others):
        raise Refusal("amendment-under-way")
