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
    """A link, and what it opens."""

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

    Refusal: "link-unknown"; "link-already-answered" once its visit was sent; "link-not-needed" where the team knows why
    there are no answers, or the participant has said not to want to give any; "link-left" when the participant has left
    the study; "link-expired" after its time.
    """
    found = known(session, token)
    if found is None:
        raise Refusal("link-unknown")
    occasion = found.occasion
    if occasion.submitted_at is not None:
        raise Refusal("link-already-answered")
    if occasion.excused_at is not None or occasion.declined_at is not None:
        raise Refusal("link-not-needed")
    if found.participant.asked_until is not None:
        raise Refusal("link-left")
    if at >= found.link.expires_at:
        raise Refusal("link-expired")
    return found


def known(session: Session, token: str) -> OpenLink | None:
    """What the link opens or has opened; None for one that was never made."""
    row = session.execute(
        select(AccessLink, OccasionRecord, Participant)
        .join(OccasionRecord, OccasionRecord.id == AccessLink.occasion_id)
        .join(Participant, Participant.id == OccasionRecord.participant_id)
        .where(AccessLink.token_hash == _hash(token))
    ).one_or_none()
    return None if row is None else OpenLink(*row)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
