"""Fidelity packs: asked for on a page, made by a job, kept with their hash for data managers to take away."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.licences.models import FidelityPack

LEASE = timedelta(minutes=20)
"""So long one process has for a pack; then another one may begin it anew."""


def ask(session: Session, instrument: str, hashes: dict[str, str], staff_id: int, at: datetime) -> FidelityPack:
    """Ask for a pack of these wordings; one that waits, or is of the very same wordings, is not asked for twice."""
    for known in of_instrument(session, instrument):
        if known.hashes == hashes and known.problem is None:
            return known
    asked = FidelityPack(instrument=instrument, hashes=hashes, asked_at=at, asked_by=staff_id)
    session.add(asked)
    session.flush()
    return asked


def of_instrument(session: Session, instrument: str) -> list[FidelityPack]:
    """All packs of an instrument, the newest first, without their content."""
    of_it = select(FidelityPack).where(FidelityPack.instrument == instrument)
    return list(session.scalars(of_it.order_by(FidelityPack.id.desc())))


def find(session: Session, instrument: str, number: int) -> FidelityPack | None:
    """One that is made; None for any other."""
    one = session.get(FidelityPack, number)
    return one if one is not None and one.instrument == instrument and one.content_hash is not None else None


def claim(session: Session, at: datetime) -> FidelityPack | None:
    """The oldest that waits, for whoever makes it now; None where there is none, or another process was first."""
    is_free = or_(FidelityPack.begun_at.is_(None), FidelityPack.begun_at < at - LEASE)
    waiting = select(FidelityPack.id).where(FidelityPack.finished_at.is_(None), is_free).order_by(FidelityPack.id)
    id = session.scalar(waiting.limit(1))
    if id is None:
        return None
    taken = update(FidelityPack).where(FidelityPack.id == id, FidelityPack.finished_at.is_(None), is_free)
    if session.execute(taken.values(begun_at=at).returning(FidelityPack.id)).one_or_none() is None:
        return None
    return session.get_one(FidelityPack, id, populate_existing=True)


def keep(pack: FidelityPack, content: bytes, at: datetime) -> None:
    """Keep what was made."""
    pack.content, pack.size, pack.content_hash = content, len(content), sha256(content).hexdigest()
    pack.finished_at = at


def give_up(pack: FidelityPack, problem: str, at: datetime) -> None:
    """Say why it could not be made; it may be asked for again."""
    pack.problem, pack.finished_at = problem, at
