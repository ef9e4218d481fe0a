"""By what a participant proves who it is, beside the first factor: the app or, in its place, a code on paper."""

from typing import Final

import structlog

from app.identity import person_factors, person_tries
from app.second_factor.factors import UnreadableFactor
from app.web.failed_tries import Tries
from app.web.request import current

TRIES: Final = Tries("vault", person_tries.whose, lambda own, at, who, _step, _id: person_tries.count(own, who, at))
"""Not one by one in the ledger: an address that nobody has must cost the same. The next sign-in says how many."""
log = structlog.get_logger("weshare.web")


def proven(person_id: int, code: str) -> str | None:
    """Either "app" or "recovery-code"; None if by neither."""
    try:
        if person_factors.prove_by_app(current.vault, person_id, code, current.at):
            return "app"
    except UnreadableFactor:
        log.error("second factor not readable", request_id=current.id, person=person_id)
    return "recovery-code" if person_factors.prove_by_paper(current.vault, person_id, code, current.at) else None
