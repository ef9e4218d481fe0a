"""By what a participant proves who it is, beside the first factor: the app or, in its place, a code on paper."""

import structlog

from app.identity import person_factors
from app.second_factor.factors import UnreadableFactor
from app.web.request import current

log = structlog.get_logger("weshare.web")


def proven(person_id: int, code: str) -> str | None:
    """Either "app" or "recovery-code"; None if by neither."""
    try:
        if person_factors.prove_by_app(current.vault, person_id, code, current.at):
            return "app"
    except UnreadableFactor:
        log.error("second factor not readable", request_id=current.id, person=person_id)
    return "recovery-code" if person_factors.prove_by_paper(current.vault, person_id, code, current.at) else None
