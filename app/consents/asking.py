"""Which versions are to be asked about by message, and whom: in batches, so that nobody is kept waiting."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.consents import versions
from app.consents.models import ConsentAnswer, ConsentVersion
from app.participants import limits
from app.participants.models import Participant
from app.studies.models import Study


def next_version(session: Session, at: datetime) -> ConsentVersion | None:
    """The version that waits longest, nobody else's for this transaction; None if there is none or another has it."""
    waiting = (ConsentVersion.published_at <= at, ConsentVersion.told_at.is_(None), ConsentVersion.needs_renewal)
    oldest = select(ConsentVersion).where(*waiting).order_by(ConsentVersion.published_at, ConsentVersion.id).limit(1)
    return session.scalar(oldest.with_for_update(skip_locked=True))


def is_last(session: Session, version: ConsentVersion) -> bool:
    """Whether no later version needs a new agreement, so that this one is still asked about."""
    last = versions.renewal(session, version.study_id)
    return last is not None and last.id == version.id


def next_people(session: Session, version: ConsentVersion, limit: int) -> Sequence[int]:
    """Of those who have not answered, the next ones by id, kept from change until the commit.

    Whether each may be written to when it comes to it is decided then.
    """
    unanswered = select(Participant.id).where(
        Participant.study_id == version.study_id,
        Participant.id > version.told_up_to,
        limits.IS_ASKED,
        ~limits.IS_SILENT,
        ~has_answered(version.study_id, version.number or 0),
    )
    # In the order in which senders lock, so that nobody waits for somebody who waits.
    return session.scalars(unanswered.order_by(Participant.id).limit(limit).with_for_update(key_share=True)).all()


def told(version: ConsentVersion, people: Sequence[int], limit: int, at: datetime) -> None:
    """Go on after these the next time; fewer than asked for are the last ones."""
    version.told_up_to = people[-1] if people else version.told_up_to
    version.told_at = at if len(people) < limit else None


def late(session: Session, participant: Participant) -> ConsentVersion | None:
    """The version that somebody who has just entered has to be asked about beside the others, who have been told.

    None if there is none, if it was the one signed, or while the others are being told: the turn comes by itself.
    """
    last = versions.renewal(session, participant.study_id, to_write=True)
    if last is None or last.told_at is None or not is_wanted(session, participant, last.id):
        return None
    return last


def is_wanted(session: Session, participant: Participant, version_id: int) -> bool:
    """Whether a message about a version is still of use: asked about, and not answered in any way."""
    last = versions.renewal(session, participant.study_id)
    if last is None or last.id != version_id or participant.asked_until is not None:
        return False
    open_one = select(Study.id).where(Study.id == participant.study_id, Study.closed_at.is_(None))
    silent = ~has_answered(participant.study_id, last.number or 0)
    mine = select(Participant.id).where(Participant.id == participant.id, silent)
    return session.scalar(open_one) is not None and session.scalar(mine) is not None


def has_answered(study_id: int, number: int) -> ColumnElement[bool]:
    """Whether a participant said anything to that version or a later one."""
    return exists().where(
        ConsentAnswer.participant_id == Participant.id,
        ConsentAnswer.version_id == ConsentVersion.id,
        ConsentVersion.study_id == study_id,
        ConsentVersion.number >= number,
    )
