"""What a file of a study says about each participant's consent: columns to be read beside others, by participant."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from app.consents.answers import AGREED, REFUSED
from app.consents.models import ConsentAnswer, ConsentVersion
from app.participants.models import Participant

_LATER = aliased(ConsentAnswer)
_IS_TAKEN_BACK = exists().where(
    _LATER.participant_id == ConsentAnswer.participant_id,
    _LATER.version_id == ConsentAnswer.version_id,
    _LATER.answer == REFUSED,
    _LATER.id > ConsentAnswer.id,
)
_MINE = (ConsentAnswer.participant_id == Participant.id, ConsentAnswer.answer == AGREED, ~_IS_TAKEN_BACK)
_NUMBER = (
    select(func.max(ConsentVersion.number))
    .join(ConsentAnswer, ConsentAnswer.version_id == ConsentVersion.id)
    .where(*_MINE)
    .correlate(Participant)
    .scalar_subquery()
)
_SINCE = select(func.max(ConsentAnswer.answered_at)).where(*_MINE).correlate(Participant).scalar_subquery()
COLUMNS: Final[Mapping[str, ColumnElement[Any]]] = {
    "consent_version": _NUMBER.label("consent_version"),
    "consent_agreed": _SINCE.label("consent_agreed"),
}
"""The newest version that the participant agreed to, by number, and when an agreement was last given."""
