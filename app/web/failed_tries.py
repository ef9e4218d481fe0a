"""Whoever signs in hears how often somebody else may have tried to."""

from flask import flash

from app.web.locale import ngettext


def tell(count: int) -> None:
    """Say it once, on the next page; nothing where nothing failed."""
    if count:
        flash(
            ngettext(
                "Since your last sign-in %(num)s try to sign in as you has failed. If it was not you, change your "
                "password and tell whoever runs this platform.",
                "Since your last sign-in %(num)s tries to sign in as you have failed. If it was not you, change your "
                "password and tell whoever runs this platform.",
                count,
            ),
            "warning",
        )
