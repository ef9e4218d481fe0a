"""What a row of a second factor and of a recovery code is made of, whoever they belong to."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UtcDateTime


class FactorColumns:
    """An authenticator app, in use from ``confirmed_at`` on; whose it is and the sealed secret are the table's own.

    ``last_step``: the last half minute whose code was taken, so that no code is taken twice.
    """

    last_step: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCodeColumns:
    """The hash of a code that takes the place of the authenticator app, once."""

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
