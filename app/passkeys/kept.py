"""Passkeys as they are kept: listed for their owner, found by what a device sends, counted, stopped and removed."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.passkeys import ceremony
from app.passkeys.ceremony import Made, Place, Refused
from app.passkeys.columns import PasskeyColumns

Row = TypeVar("Row", bound=PasskeyColumns)
HANDLE_BYTES = 16
USER_HANDLE_BYTES = 32
MOST = 10
"""Passkeys of one person: more than anybody has devices, and few enough to know each of them."""


class WentBack(Exception):
    """The device's count is not above the one it gave before: two devices hold this key, or one was put back."""

    def __init__(self, handle: str) -> None:
        super().__init__(handle)
        self.handle = handle


@dataclass(frozen=True, slots=True)
class Passkeys(Generic[Row]):
    """The passkeys of one kind of people. ``owner``: the column that says whose."""

    session: Session
    model: type[Row]
    owner: str

    def listed(self, who: int) -> Sequence[Row]:
        """Somebody's passkeys, the oldest first."""
        mine = select(self.model).where(self._owner == who)
        return self.session.scalars(mine.order_by(self.model.made_at, self.model.handle)).all()

    def user_handle(self, who: int) -> bytes:
        """What devices know somebody's account by: as before, or random for the first one."""
        known = self.session.scalar(select(self.model.user_handle).where(self._owner == who).limit(1))
        return known if known is not None else secrets.token_bytes(USER_HANDLE_BYTES)

    def make_room(self, who: int) -> None:
        """Refusal("passkeys-enough") for somebody who has as many as one can have."""
        if len(self.listed(who)) >= MOST:
            raise Refusal("passkeys-enough")

    def fresh(self, who: int, made: Made, user_handle: bytes, at: datetime) -> Row:
        """A new passkey, not yet in the session: its table may want more of it. Refusal("passkeys-enough")."""
        self.make_room(who)
        values: dict[str, Any] = {
            self.owner: who,
            "handle": secrets.token_urlsafe(HANDLE_BYTES),
            "credential_hash": _hash(made.credential_id),
            "credential_id": made.credential_id,
            "public_key": made.public_key,
            "user_handle": user_handle,
            "sign_count": made.sign_count,
            "made_at": at,
        }
        return self.model(**values)

    def prove(self, place: Place, answer: str, challenge: bytes, use_up: Callable[[str], bool], at: datetime) -> Row:
        """The passkey with which a device has answered; its use is noted.

        ``use_up`` is given a name for the challenge and says whether this is the first time that it is answered.
        Refused for one that is unknown, removed or stopped, and for an answer that does not prove it. WentBack where
        the signature is right and the count is not: the passkey is stopped by this, and the caller keeps that.
        """
        known = select(self.model).where(self.model.credential_hash == _hash(ceremony.credential_id(answer)))
        row = self.session.scalar(known)
        if row is None or row.stopped_at is not None:
            raise Refused("unknown")
        count = ceremony.proven(place, answer, challenge, row.public_key, row.user_handle)
        if not use_up(f"passkey:{hashlib.sha256(challenge).hexdigest()[:40]}"):
            raise Refused("challenge-used")
        mine = (self.model.handle == row.handle, self.model.sign_count == row.sign_count)
        if (count or row.sign_count) and count <= row.sign_count:
            self.session.execute(update(self.model).where(mine[0]).values(stopped_at=at))
            raise WentBack(row.handle)
        noted = self.session.execute(update(self.model).where(*mine).values(sign_count=count, used_at=at))
        if noted.rowcount != 1:  # type: ignore[attr-defined]
            raise Refused("twice-at-once")
        return row

    def remove(self, who: int, handle: str) -> bool:
        """True if there was such a passkey of that person; it opens nothing from now on."""
        mine = (self._owner == who, self.model.handle == handle)
        return bool(self.session.execute(delete(self.model).where(*mine)).rowcount == 1)  # type: ignore[attr-defined]

    def forget(self, who: int) -> None:
        """Remove all of them."""
        self.session.execute(delete(self.model).where(self._owner == who))

    @property
    def _owner(self) -> Any:
        return getattr(self.model, self.owner)


def _hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()
