"""What a carrier gets and what it answers: an address for the moment of carrying, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """What became of one try to hand a message over."""

    DELIVERED = "delivered"
    LATER = "later"
    """Not taken now: try again."""
    UNCLEAR = "unclear"
    """The line broke after the message had been sent: it may have been taken or not."""
    BOUNCED = "bounced"
    """The address is refused for good."""
    UNREACHABLE = "unreachable"
    """There is no address, or one that has bounced too often."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A fate and why, in a word such as ``smtp-451``: never what the other side said, which may quote an address."""

    fate: Fate
    code: str


@dataclass(frozen=True, slots=True)
class Message:
    """What the study side hands over. ``message_id`` is its own name for it: the same one is delivered once.

    ``short`` is what fits a telephone. ``unsubscribe`` is an address that stops messages by one POST (RFC 8058).
    """

    message_id: str
    language: str
    subject: str
    text: str
    html: str | None = None
    short: str | None = None
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with its address on it; it never leaves memory, and nothing of the address is ever printed."""

    address: str = field(repr=False)
    message: Message = field(repr=False)


class Carrier(Protocol):
    """One line to the outside, for one worker at a time."""

    def carry(self, parcel: Parcel, at: datetime) -> Receipt:
        """Try once. It raises nothing: whatever goes wrong is a fate."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...
