"""By what a professional proves who it is, beside the password; and what is noted of a try that failed."""

from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import factors, staff
from app.audit import trail
from app.second_factor.factors import UnreadableFactor
from app.web import failed_tries
from app.web.afterwards import answered
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


def note_wrong_password(answer: object, login: str) -> Response:
    """The answer, after which a failed try is counted for whoever has that login, if anybody has."""
    note = _noting("password")

    def find_and_note(session: Session) -> None:
        found = staff.find(session, login)
        if found is not None:
            note(session, found.id)

    return answered(answer, "study", find_and_note)


def note_wrong_code(answer: object, who: int) -> Response:
    """The same for the professional of whom the password was given already."""
    note = _noting("code")
    return answered(answer, "study", lambda session: note(session, who))


def _noting(step: str) -> Callable[[Session, int], None]:
    at, request_id = current.at, current.id

    def note(session: Session, who: int) -> None:
        # In the order of a sign-in, which records before it counts: two of them must not wait for each other crosswise.
        trail.record(session, at, "anyone", "staff.sign-in-failed", f"staff:{who}", {"step": step}, request_id)
        staff.count_failure(session, who)

    return note


def welcome(who: int) -> None:
    """The sign-in is whole: the professional hears of tries that have failed before."""
    failed_tries.tell(staff.take_failures(current.session, who))
