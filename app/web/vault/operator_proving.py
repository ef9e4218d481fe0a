"""By what an operator proves who it is, beside the password; and what is noted of a try that failed."""

from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.identity import ledger, operator_factors, operators
from app.second_factor.factors import UnreadableFactor
from app.web import failed_tries
from app.web.afterwards import answered
from app.web.request import current
from app.web.vault.operator_frame import record

log = structlog.get_logger("weshare.web")


def proven(who: int, code: str) -> str | None:
    """Either "app" or "recovery-code"; None if by neither."""
    try:
        if operator_factors.kept(current.vault).prove(who, code, current.at):
            return "app"
    except UnreadableFactor:
        log.error("second factor not readable", request_id=current.id, operator=who)
    return "recovery-code" if operator_factors.recovery_codes(current.vault).use(who, code, current.at) else None


def is_password(who: int, password: str) -> bool:
    """Whether that is the operator's password."""
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("vault") as reading:
        return operators.is_password(reading, who, password)


def note_wrong_password(answer: object, login: str) -> Response:
    """The answer, after which a failed try is counted for whoever has that login, if anybody has."""
    note = _noting("password")

    def find_and_note(session: Session) -> None:
        found = operators.by_login(session, login)
        if found is not None:
            note(session, found.id)

    return answered(answer, "vault", find_and_note)


def note_wrong_code(answer: object, who: int) -> Response:
    """The same for the operator of whom the password was given already."""
    note = _noting("code")
    return answered(answer, "vault", lambda session: note(session, who))


def _noting(step: str) -> Callable[[Session, int], None]:
    at, request_id = current.at, current.id

    def note(session: Session, who: int) -> None:
        # In the order of a sign-in, which records before it counts: two of them must not wait for each other crosswise.
        ledger.record(session, at, "anyone", "operator.sign-in-failed", f"operator:{who}", {"step": step}, request_id)
        operators.count_failure(session, who)

    return note


def welcome(who: int, way: str | None) -> None:
    """The sign-in is whole: it is on the ledger, and the operator hears of tries that have failed before."""
    record(who, "operator.signed-in", f"operator:{who}", second_factor=way or "none")
    failed_tries.tell(operators.take_failures(current.vault, who))
