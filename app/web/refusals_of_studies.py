"""Refusals about consents, forms from paper and amendments: code -> status and sentence."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

REFUSALS: Mapping[str, tuple[int, Any]] = {
    "consent-changed": (
        409,
        lazy(
            "The study has published a newer note since you opened this page, so your answer was not kept. Please go "
            "to your account and read the new one; then say what you wish."
        ),
    ),
    "consent-over": (
        409,
        lazy("This study asks nothing of you any more, so your answer was not kept. You do not need to do anything."),
    ),
    "consent-incomplete": (
        422,
        lazy("Something is still missing. The note must be there in each language, and what is new where it renews."),
    ),
    "amendment-under-way": (
        409,
        lazy("Another amendment of this study is moving people just now. Please wait until it is through."),
    ),
    "amendment-not-looked-through": (
        409,
        lazy("Not everybody has been looked through yet. Please wait until the figures are complete, then apply it."),
    ),
    "amendment-overlaps": (
        409,
        lazy(
            "With this amendment somebody would have two visits with the same questionnaire open at the same time. "
            "Nobody was moved. Please change the windows in a new version."
        ),
    ),
    "amendment-moved-on": (
        409,
        lazy("Somebody else has gone on with this amendment meanwhile. Please look at it again; nothing was changed."),
    ),
    "already-answered": (
        409,
        lazy("This visit has been answered already. A form from paper is not entered a second time."),
    ),
    "adaptive-on-paper": (
        422,
        lazy(
            "A questionnaire of this visit chooses each question by the answers before it, so it cannot be answered on "
            "paper."
        ),
    ),
    "entered-from-paper": (
        409,
        lazy(
            "Your study team is entering the form that you filled in on paper. You do not need to do anything. If you "
            "did not fill one in, please tell the team."
        ),
    ),
    "answered-outside-window": (
        422,
        lazy("The visit was not open on this day. Please check the date that is written on the form."),
    ),
}
