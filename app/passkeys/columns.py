"""What a row of a passkey is made of, whoever it belongs to; its name and its owner are the table's own."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UtcDateTime


class PasskeyColumns:
    """The public half of a key that somebody's device keeps. ``handle`` names the row to its owner's browser.

    ``user_handle`` is what the device knows the account by: random, the same for all passkeys of one person.
    ``sign_count`` counts uses where the device counts; ``stopped_at``: it counted backwards, so there may be two of it.
    """

    handle: Mapped[str] = mapped_column(String(24), primary_key=True)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
