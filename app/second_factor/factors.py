"""Authenticator apps as they are kept: begun, confirmed by a code, asked for at sign-in; each code is taken once.

Three kinds of people have one, each in a table of its own, sealed in its own way; what is done with them is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from app.second_factor import totp
from app.second_factor.columns import FactorColumns

Row = TypeVar("Row", bound=FactorColumns)


class UnreadableFactor(Exception):
    """The secret was sealed with another key, or belongs to somebody else: it must be set up anew."""


@dataclass(frozen=True, slots=True)
class Factors(Generic[Row]):
    """The apps of one kind of people. ``owner``: the column that says whose; numbers of people are its values.

    ``seal`` puts a secret into a row that has its owner; ``unseal`` reads it, or raises UnreadableFactor.
    """

    session: Session
    model: type[Row]
    owner: str
    seal: Callable[[Row, str], None]
    unseal: Callable[[Row], str]

    def is_set_up(self, who: int) -> bool:
        """Whether somebody has an app in use."""
        return self._confirmed(who) is not None

    def those_set_up(self) -> frozenset[int]:
        """Everybody with an app in use."""
        return frozenset(self.session.scalars(select(self._owner).where(self.model.confirmed_at.is_not(None))))

    def begin(self, who: int, at: datetime) -> str:
        """A secret for an app, in base32; not in use before ``confirm``. The same until then.

        An app that is in use stays as it is and this is refused by ValueError: it is taken away first.
        """
        row = self.session.get(self.model, who)
        if row is not None and row.confirmed_at is not None:
            raise ValueError(f"{self.owner} {who} has a second factor in use")
        if row is not None:
            try:
                return self.unseal(row)
            except UnreadableFactor:
                self.session.delete(row)
                self.session.flush()
        secret = totp.new_secret()
        fresh = self.model(**{self.owner: who, "last_step": 0, "made_at": at})
        self.seal(fresh, secret)
        self.session.add(fresh)
        self.session.flush()
        return secret

    def confirm(self, who: int, code: str, at: datetime) -> bool:
        """Take the app into use if it shows its code; from then on every sign-in asks for one."""
        row = self.session.get(self.model, who)
        if row is None or row.confirmed_at is not None or not self._take(row, code, at):
            return False
        self.session.execute(update(self.model).where(self._of(who)).values(confirmed_at=at))
        return True

    def prove(self, who: int, code: str, at: datetime) -> bool:
        """True if this is a code of the app for now that was not taken before, by anybody who looks over a shoulder."""
        row = self._confirmed(who)
        return row is not None and self._take(row, code, at)

    def drop(self, who: int) -> None:
        """The app is lost or given up."""
        self.session.execute(delete(self.model).where(self._of(who)))

    @property
    def _owner(self) -> Any:
        return getattr(self.model, self.owner)

    def _of(self, who: int) -> ColumnElement[bool]:
        owned: ColumnElement[bool] = self._owner == who
        return owned

    def _confirmed(self, who: int) -> Row | None:
        return self.session.scalar(select(self.model).where(self._of(who), self.model.confirmed_at.is_not(None)))

    def _take(self, row: Row, code: str, at: datetime) -> bool:
        step = totp.step_of(self.unseal(row), code, at)
        if step is None:
            return False
        # Only forward: whoever comes second with the same code, at the same instant too, finds the step taken.
        free = and_(self._of(getattr(row, self.owner)), self.model.last_step < step)
        taken = self.session.execute(update(self.model).where(free).values(last_step=step))
        return bool(taken.rowcount == 1)  # type: ignore[attr-defined]
