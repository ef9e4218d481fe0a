"""By what a professional proves who it is, beside the password; and what is noted of a try that failed."""

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.accounts import factors, staff
from app.audit import trail
from app.second_factor.factors import UnreadableFactor
from app.web import failed_tries
from app.web.failed_tries import Tries
from app.web.request import current

log = structlog.get_logger("weshare.web")


def proven(who: int, code: str) -> str | None:
    """Either "app" or "recovery-code"; None if by neither."""
    try:
        if factors.kept(current.session, current.config.staff_key).prove(who, code, current.at):
            return "app"
    except UnreadableFactor:
        # Sealed under an earlier secret key of this site: the recovery codes still lead in.
        log.error("second factor not readable", request_id=current.id, staff=who)
    return "recovery-code" if factors.recovery_codes(current.session).use(who, code, current.at) else None


def is_password(who: int, password: str) -> bool:
    """Whether that is the professional's password."""
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("study") as reading:
        return staff.is_password(reading, who, password)


def _find(session: Session, login: str) -> int | None:
    found = staff.find(session, login)
    return None if found is None else found.id


def _note(session: Session, at: datetime, who: int, step: str, request_id: str) -> None:
    trail.record(session, at, "anyone", "staff.sign-in-failed", f"staff:{who}", {"step": step}, request_id)
    staff.count_failure(session, who)


TRIES: Final = Tries("study", _find, _note)


def welcome(who: int) -> None:
    """The sign-in is whole: the professional hears of tries that have failed before."""
    failed_tries.tell(staff.take_failures(current.session, who))
