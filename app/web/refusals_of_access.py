"""How the doors say no: part of the table in app/web/errors.py."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

REFUSALS: Mapping[str, tuple[int, Any]] = {
    "sign-in-expired": (400, lazy("This sign-in is no longer valid. Please sign in again.")),
    "mailed-link-dead": (
        410,
        lazy("This link has been used, or it is too old. Please ask for a new one; that takes a minute."),
    ),
    "mailed-link-elsewhere": (
        409,
        lazy("This link works in the browser in which it was asked for. Open it there, or ask for a new one here."),
    ),
    "reset-link-dead": (
        410,
        lazy(
            "This link has been used, or it is too old. Please ask the data manager who gave it to you for a new one."
        ),
    ),
    "password-short": (
        422,
        lazy("This password is too short. Please take at least 12 characters; a sentence is fine."),
    ),
    "password-yours": (422, lazy("This password is easy to guess for whoever knows you. Please take another one.")),
    "password-common": (
        422,
        lazy(
            "This password is on lists of common ones, which are tried first. Please take another one, such as a "
            "sentence."
        ),
    ),
    "passkey-known": (409, lazy("This passkey is on a list already, and was not added a second time.")),
    "passkeys-enough": (409, lazy("You have ten passkeys, which is the most. Remove one of them first.")),
    "operator-link-dead": (
        410,
        lazy("This link has been used, or it is too old. Please ask another operator for a new one."),
    ),
    "helped-already": (
        403,
        lazy(
            "You have helped this person with the other factor within the last 30 days. Then another operator, or "
            "whoever runs the vault, helps with this one: nobody alone can sign in as somebody else."
        ),
    ),
    "reason-not-chosen": (422, lazy("Please choose a reason. Nothing was changed.")),
    "two-operators-needed": (
        409,
        lazy(
            "Two other operators who can sign in have to be left: one asks to open an identity, another one allows it. "
            "Add another operator first, or help one to sign in. Until then you can sign this person out everywhere."
        ),
    ),
    "last-manager": (409, lazy("Somebody has to look after this platform: make another data manager first.")),
    "passkey-not-made": (422, lazy("The passkey was not made. Please try again; it takes less than five minutes.")),
}
