"""What identifies somebody, in clear and in memory only."""

from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is. Nothing of it is ever printed: a log line with an identity in it shows an empty one."""

    email: str | None = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    postal_address: str | None = field(default=None, repr=False)

    def with_email(self, email: str | None) -> "Identity":
        """The same person at another address."""
        return replace(self, email=email)
