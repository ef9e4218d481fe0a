"""Refusals that have to do with messages: their links, their words, and the addresses that professionals give."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

REFUSALS: Mapping[str, tuple[int, Any]] = {
    "notice-not-waiting": (
        409,
        lazy("This message is in another state by now. Please look at the page again before you decide."),
    ),
    "address-unreadable": (
        422,
        lazy("This does not look like an e-mail address. Please check it: it has an @ and a dot, and no space."),
    ),
    "code-wrong": (422, lazy("This is not the code that was sent. Please type the one of the last message.")),
    "code-dead": (422, lazy("This code is too old, or was used already. Please have a new one sent to you.")),
    "enough-codes": (
        429,
        lazy("Several codes have been sent within an hour. Please look at your mail, or try again later."),
    ),
    "paragraph-too-long": (422, lazy("The paragraph is too long: 600 characters at most.")),
    "paragraph-changed": (409, lazy("Somebody else has changed this paragraph meanwhile. Please look at it first.")),
    "link-expired": (
        410,
        lazy(
            "Its time is over, so there is nothing to do any more, and nothing is held against you. What you had "
            "answered is kept. Sign in to see what is waiting for you now."
        ),
    ),
    "link-not-needed": (
        410,
        lazy(
            "Your study team knows that you do not answer this one, and that is all right. Sign in to see what is "
            "waiting for you now."
        ),
    ),
    "link-left": (
        410,
        lazy(
            "The study does not ask you anything any more, so this link opens nothing. What you had answered can "
            "still be read on your account."
        ),
    ),
    "link-unknown": (
        404,
        lazy(
            "The address may have been cut off by your mail program: try the link in the message itself, or copy it "
            "as a whole. You can also sign in, and find there what is waiting for you."
        ),
    ),
    "link-already-answered": (
        410,
        lazy("Your answers have arrived: thank you. Nothing was sent twice. Sign in to read them again."),
    ),
}
