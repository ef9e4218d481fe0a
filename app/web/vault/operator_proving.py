"""By what an operator proves who it is, beside the password; and what is noted of a try that failed."""

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.identity import ledger, operator_factors, operators
from app.second_factor.factors import UnreadableFactor
from app.web import failed_tries
from app.web.failed_tries import Tries
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


def _find(session: Session, login: str) -> int | None:
    found = operators.by_login(session, login)
    return None if found is None else found.id


def _note(session: Session, at: datetime, who: int, step: str, request_id: str) -> None:
    ledger.record(session, at, "anyone", "operator.sign-in-failed", f"operator:{who}", {"step": step}, request_id)
    operators.count_failure(session, who)


TRIES: Final = Tries("vault", _find, _note)


def welcome(who: int, way: str | None) -> None:
    """The sign-in is whole: it is on the ledger, and the operator hears of tries that have failed before."""
    record(who, "operator.signed-in", f"operator:{who}", second_factor=way or "none")
    failed_tries.tell(operators.take_failures(current.vault, who))
