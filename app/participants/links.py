"""Links in reminders: they open one visit without a password, until it is answered or its time is over."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants.models import AccessLink, OccasionRecord, Participant

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that still opens something, and what."""

    link: AccessLink
    occasion: OccasionRecord
    participant: Participant


def mint(session: Session, occasion_id: int, at: datetime, expires_at: datetime) -> str:
    """A new link to one occasion; the raw token (192 random bits), of which only a hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(AccessLink(token_hash=_hash(token), occasion_id=occasion_id, created_at=at, expires_at=expires_at))
    return token


def find(session: Session, token: str, at: datetime) -> OpenLink:
    """What the link opens, changing nothing.

    Refusal: "link-unknown"; "link-already-answered" once its visit was sent; "link-expired" after its time, or when
    the participant has left the study.
    """
    row = session.execute(
        select(AccessLink, OccasionRecord, Participant)
        .join(OccasionRecord, OccasionRecord.id == AccessLink.occasion_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .where(AccessLink.token_hash == _hash(token))
    ).one_or_none()
    if row is None:
        raise Refusal("link-unknown")
    link, occasion, participant = row
    if occasion.submitted_at is not None:
        raise Refusal("link-already-answered")
    if at >= link.expires_at or participant.asked_until is not None:
        raise Refusal("link-expired")
    return OpenLink(link, occasion, participant)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
