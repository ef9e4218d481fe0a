"""What the pages of the own access are called and where their forms lead: one list for each kind of people."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OwnPlaces:
    """The heading, what is written above it, what a demonstration says of second factors, and the names of views.

    ``change``: of the password."""

    heading: Any
    eyebrow: Any
    demonstration: Any
    account: str
    proof: str
    proof_by_passkey: str
    sign_in_by_passkey: str
    sign_ins: str
    codes: str
    app: str
    change: str
    passkey_start: str
    passkey_add: str
    passkey_remove: str
