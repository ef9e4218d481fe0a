"""What an entry of a chain is made of; the audit trail and the vault's ledger are tables of such entries."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Dialect, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.db import UtcDateTime


class Facts(TypeDecorator[Mapping[str, object]]):
    """A small JSON object kept as the very text that was hashed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, object] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As text."""
        return None if value is None else written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, object] | None:  # noqa: ARG002
        """Read again."""
        return None if value is None else json.loads(value)


def written(facts: Mapping[str, object]) -> str:
    """Facts in the one way in which they are written down."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class ChainedEntry:
    """One act: who did what, when, to what. Added and never changed, which the database refuses too."""

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[UniqueConstraint]:
        """No two entries have one place: a chain cannot fork."""
        return (UniqueConstraint("stream", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[int]
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    facts: Mapped[Mapping[str, object]] = mapped_column(Facts)
    request_id: Mapped[str | None] = mapped_column(String(40))
    hash: Mapped[str] = mapped_column(String(64))
