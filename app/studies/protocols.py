"""Protocol versions: published once, never changed, parsed once per process."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.scheduling.parse import dump_protocol, parse_protocol
from app.scheduling.protocol import Protocol
from app.studies.models import ProtocolVersion


def publish(session: Session, study_id: int, document: Mapping[str, object], at: datetime) -> ProtocolVersion:
    """Store the next version of a study's design; BrokenProtocol lists every mistake of the document."""
    last = session.scalar(select(func.max(ProtocolVersion.version)).where(ProtocolVersion.study_id == study_id))
    protocol = parse_protocol({**document, "version": (last or 0) + 1})
    version = ProtocolVersion(
        study_id=study_id,
        version=protocol.version,
        document=json.dumps(dump_protocol(protocol), ensure_ascii=False),
        published_at=at,
    )
    session.add(version)
    session.flush()
    return version


def versions(session: Session, study_id: int) -> list[ProtocolVersion]:
    """Every published version, the newest first."""
    rows = select(ProtocolVersion).where(ProtocolVersion.study_id == study_id)
    return list(session.scalars(rows.order_by(ProtocolVersion.version.desc())))


@lru_cache(maxsize=256)
def parsed(document: str) -> Protocol:
    """The typed protocol of a stored document; the same text is parsed once."""
    return parse_protocol(json.loads(document))
