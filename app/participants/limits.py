"""Whose answers must not be used, and who must not be written to: the one place that queries ask.

Two facts decide, beside the withdrawals: ``use_restricted_at`` (GDPR, articles 18 and 21) keeps the answers and leaves
them out of files, means and charts, and stops reminders; ``contact_stopped_at`` (article 21) stops messages. Both hold
while the participant's request is granted, and end when it is lifted.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.participants.models import Participant, ParticipantEvent

IS_USABLE: Final[ColumnElement[bool]] = Participant.use_withdrawn_at.is_(None) & Participant.use_restricted_at.is_(None)
"""Whether the answers may go into a file, a mean or a chart."""
IS_SILENT: Final[ColumnElement[bool]] = (
    Participant.contact_withdrawn_at.is_not(None)
    | Participant.use_withdrawn_at.is_not(None)
    | Participant.contact_stopped_at.is_not(None)
    | Participant.use_restricted_at.is_not(None)
)
"""Whether no message about a visit may leave."""
IS_ASKED: Final[ColumnElement[bool]] = Participant.withdrawn_at.is_(None) & Participant.use_withdrawn_at.is_(None)
"""Whether anything is still asked of the person; see also ``has_ended``."""


class Limited(Protocol):
    """The columns that stop messages, of an object or of a row."""

    @property
    def contact_withdrawn_at(self) -> datetime | None: ...
    @property
    def contact_stopped_at(self) -> datetime | None: ...
    @property
    def use_restricted_at(self) -> datetime | None: ...


def silent_since(row: Limited) -> datetime | None:
    """Since when no message about a visit is sent, although visits can be answered; None: they are sent."""
    acts = (row.contact_withdrawn_at, row.contact_stopped_at, row.use_restricted_at)
    return min((at for at in acts if at is not None), default=None)


def has_ended(events: Collection[str], on: date) -> ColumnElement[bool]:
    """Whether one of the events that end everything, such as a death, is dated on that day or before."""
    dated, later = aliased(ParticipantEvent), aliased(ParticipantEvent)
    is_corrected = exists().where(
        later.participant_id == dated.participant_id,
        later.key == dated.key,
        later.number == dated.number,
        later.id > dated.id,
    )
    return exists().where(
        dated.participant_id == Participant.id, dated.key.in_(list(events)), dated.on <= on, ~is_corrected
    )


def left_out(session: Session, study_id: int, site_ids: Sequence[int] | None = None) -> int:
    """How many people of a study must be left out of files, means and charts."""
    people = select(func.count(Participant.id)).where(Participant.study_id == study_id, ~IS_USABLE)
    if site_ids is not None:
        people = people.where(Participant.site_id.in_(site_ids))
    return session.scalar(people) or 0
