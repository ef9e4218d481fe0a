"""The design of a study while it is being written: kept with every mistake in it, and never silently overwritten."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import once
from app.errors import Refusal
from app.scheduling.mistakes import BrokenProtocol, Mistake
from app.scheduling.parse import brief_document, parse_protocol
from app.scheduling.protocol import Protocol
from app.studies.models import ProtocolDraft, ProtocolVersion
from app.studies.protocols import parsed

Document = dict[str, Any]

LONGEST = 400_000
"""Characters of a draft: many times the longest protocol, and few enough to be read at every request."""


DRAWN: Final = frozenset(
    {
        "unknown-instrument",
        "opens-after-closes",
        "notify-before-opens",
        "notify-after-closes",
        "due-before-opens",
        "due-after-closes",
        "no-instrument",
        "duplicate-instrument",
        "duplicate-step",
        "reminders-on-one-day",
        "reminder-before-notify",
        "reminder-after-closes",
        "reminder-when-refused",
        "escalation-before-notify",
        "escalation-after-closes",
        "overlaps-itself",
        "overlap",
    }
)
"""Mistakes with which a timeline can still be computed and shown: seeing it is how they are mended."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands. ``revision`` 0: nobody has saved one, and the document is that of the last version."""

    revision: int
    document: Document
    saved_at: datetime | None = None
    saved_by: int | None = None
    published: int = 0
    """The number of the last published version; 0 where there is none."""
    is_as_published: bool = False
    """Whether it says what the last published version says."""


def load(session: Session, study_id: int) -> Draft:
    """The draft of a study: the one that was saved, else the last published version, else an empty one."""
    newest = select(ProtocolVersion).where(ProtocolVersion.study_id == study_id)
    version = session.scalars(newest.order_by(ProtocolVersion.version.desc()).limit(1)).first()
    number = version.version if version else 0
    stored = session.get(ProtocolDraft, study_id, populate_existing=True)
    published = brief(parsed(version.document)) if version else None
    if stored is None:
        return Draft(0, published or empty(), published=number, is_as_published=published is not None)
    document = json.loads(stored.document)
    protocol = read(document, None).protocol
    is_same = protocol is not None and published is not None and brief(protocol) == published
    return Draft(stored.revision, document, stored.saved_at, stored.saved_by, number, is_same)


def empty() -> Document:
    """A study of which nothing is designed yet."""
    return {"arms": {}, "events": {}, "visits": []}


def brief(protocol: Protocol) -> Document:
    """A protocol as a draft: without its number, which publishing gives, and without what is so anyway."""
    document = brief_document(protocol)
    return {"arms": document.get("arms", {}), "events": document["events"], "visits": document.get("visits", [])}


def save(session: Session, study_id: int, document: Document, seen: int, staff_id: int, at: datetime) -> int:
    """Keep a draft that was made from revision ``seen``; the new revision.

    Refusal: "draft-changed" if somebody has saved since; "text-too-long".
    """
    text = json.dumps(document, ensure_ascii=False)
    if len(text) > LONGEST:
        raise Refusal("text-too-long")
    facts = {"document": text, "saved_at": at, "saved_by": staff_id}
    if seen == 0:
        if once.insert(session, ProtocolDraft(study_id=study_id, revision=1, **facts)):
            return 1
        raise Refusal("draft-changed")
    changed = session.execute(
        update(ProtocolDraft)
        .where(ProtocolDraft.study_id == study_id, ProtocolDraft.revision == seen)
        .values(revision=seen + 1, **facts)
        .returning(ProtocolDraft.revision)
    ).all()
    if not changed:
        raise Refusal("draft-changed")
    return seen + 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a draft says. ``protocol``: only if nothing is wrong; ``shown``: also with mistakes that can be drawn."""

    protocol: Protocol | None
    shown: Protocol | None
    mistakes: tuple[Mistake, ...]


def read(document: Mapping[str, object], instruments: Mapping[str, Collection[str]] | None) -> Reading:
    """The protocol of a draft, or all that is wrong with it. ``instruments`` as ``parse_protocol`` takes them."""
    try:
        protocol = parse_protocol({**document, "version": 1}, instruments)
    except BrokenProtocol as broken:
        is_drawn = {mistake.code for mistake in broken.mistakes} <= DRAWN
        shown = Protocol.model_validate({**document, "version": 1}) if is_drawn else None
        return Reading(None, shown, broken.mistakes)
    return Reading(protocol, protocol, ())


def mark(part: object) -> str:
    """What tells later whether a part of a draft has changed: a hash of its content."""
    return sha256(json.dumps(part, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
