"""Codes on paper that take the place of the authenticator app, each once; kept as hashes, shown when they are made."""

import hashlib
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.second_factor.columns import RecoveryCodeColumns

Row = TypeVar("Row", bound=RecoveryCodeColumns)
COUNT = 10
CODE_BYTES = 15
"""120 bits: too many to be found from a hash without salt (ASVS 6.5.2 asks for 112)."""
GROUP = 4


@dataclass(frozen=True, slots=True)
class RecoveryCodes(Generic[Row]):
    """The codes of one kind of people. ``owner``: the column that says whose."""

    session: Session
    model: type[Row]
    owner: str

    def renew(self, who: int, at: datetime, count: int = COUNT) -> list[str]:
        """New codes in place of all earlier ones, as they are written down: ``abcd-efgh-ijkl-mnop-qrst-uvwx``."""
        self.forget(who)
        codes = [b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(count)]
        self.session.add_all(self.model(**{self.owner: who, "code_hash": _hash(code), "made_at": at}) for code in codes)
        self.session.flush()
        return ["-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP)) for code in codes]

    def use(self, who: int, code: str, at: datetime) -> bool:
        """True if this is a code of that person that was not used before; it is used up by this."""
        mine = (self._owner == who, self.model.code_hash == _hash(_plain(code)), self.model.used_at.is_(None))
        used = self.session.execute(update(self.model).where(*mine).values(used_at=at))
        return bool(used.rowcount == 1)  # type: ignore[attr-defined]

    def left(self, who: int) -> int:
        """How many have not been used yet."""
        unused = (self._owner == who, self.model.used_at.is_(None))
        return self.session.scalar(select(func.count()).where(*unused)) or 0

    def forget(self, who: int) -> None:
        """No code works any longer."""
        self.session.execute(delete(self.model).where(self._owner == who))

    @property
    def _owner(self) -> Any:
        return getattr(self.model, self.owner)


def _plain(code: str) -> str:
    """As it was made: without the marks and the capitals that people add."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
