"""Which version of a study's note an address means, who may write it, and the trail of who did what."""

from collections.abc import Mapping

from flask import abort

from app.audit import trail
from app.consents import versions
from app.consents.models import ConsentVersion
from app.consents.standing import Among
from app.participants import limits
from app.studies import queries as studies_queries
from app.studies.queries import StudyAccess
from app.web.filters import today
from app.web.investigator.access import study_for
from app.web.investigator.design_access import actor
from app.web.investigator.post_access import may_write, writable
from app.web.request import current


def version_for(code: str, key: str, *, to_write: bool = False) -> tuple[StudyAccess, ConsentVersion]:
    """The study and its version of this address, else 404; a draft only for those who write."""
    access = writable(code) if to_write else study_for(code)
    found = versions.find(current.session, access.study.id, key) or abort(404)
    return (access, found) if found.number is not None or may_write(access) else abort(404)


def draft_for(code: str, key: str) -> tuple[StudyAccess, ConsentVersion]:
    """The draft of this address for somebody who writes, else 404."""
    access, found = version_for(code, key, to_write=True)
    return (access, found) if found.number is None else abort(404)


def among(access: StudyAccess) -> Among:
    """The people whom the professional of this request sees, without those for whom everything has ended."""
    protocols = studies_queries.protocols(current.session, access.study.id)
    ending = {event for protocol in protocols.values() for event in protocol.ending_events}
    return Among(access.study.id, access.site_ids, limits.has_ended(ending, today()))


def record(action: str, version: ConsentVersion, facts: Mapping[str, object]) -> None:
    """Note in the trail what the professional of this request did to a version."""
    trail.record(current.session, current.at, actor(), action, f"consent:{version.key}", facts, current.id)
