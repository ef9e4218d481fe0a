"""Tries to sign in that failed: noted when the answer has left, and told to whoever signs in afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.web.afterwards import answered
from app.web.filters import daytime
from app.web.locale import ngettext
from app.web.request import Side, current


@dataclass(frozen=True, slots=True)
class Tries:
    """How the tries of one kind of people are noted.

    ``find`` gives the number of whoever has a login, if anybody has; ``note`` takes session, instant, number, step
    (``password`` or ``code``) and request id. Where it records and counts, it does so in the order of a sign-in, which
    records first: two of them must not wait for each other crosswise.
    """

    side: Side
    find: Callable[[Session, str], int | None]
    note: Callable[[Session, datetime, int, str, str], None]

    def note_wrong_password(self, answer: object, login: str) -> Response:
        """The answer, after which a failed try is counted for whoever has that login."""
        return self._noting(answer, "password", lambda session: self.find(session, login))

    def note_wrong_code(self, answer: object, who: int) -> Response:
        """The same for somebody of whom the password was given already."""
        return self._noting(answer, "code", lambda _session: who)

    def _noting(self, answer: object, step: str, whose: Callable[[Session], int | None]) -> Response:
        at, request_id = current.at, current.id

        def note(session: Session) -> None:
            who = whose(session)
            if who is not None:
                self.note(session, at, who, step, request_id)

        return answered(answer, self.side, note)


def tell(count: int) -> None:
    """Say it once, on the next page; nothing where nothing failed."""
    if count:
        flash(
            ngettext(
                "Since your last sign-in %(num)s try to sign in as you has failed. If it was not you, change your "
                "password and tell whoever runs this platform.",
                "Since your last sign-in %(num)s tries to sign in as you have failed. If it was not you, change your "
                "password and tell whoever runs this platform.",
                count,
            ),
            "warning",
        )


def tell_person(count: int, last_at: datetime) -> None:
    """The same for a participant, for whom it was most likely a slip of the own."""
    flash(
        ngettext(
            "Since your last sign-in %(num)s try to sign in to your account has failed, on %(time)s. It may have been "
            "you, mistyping. If not, nobody got in by it; you can choose another password under “Settings”.",
            "Since your last sign-in %(num)s tries to sign in to your account have failed, the last one on %(time)s. "
            "It may have been you, mistyping. If not, nobody got in by them; you can choose another password under "
            "“Settings”.",
            count,
            time=daytime(last_at),
        ),
        "info",
    )
