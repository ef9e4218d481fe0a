"""The three withdrawals in words: what each is, what it changes and what stays as it is; and why people leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.scheduling.participation import Withdrawal
from app.web.locale import lazy


@dataclass(frozen=True, slots=True)
class Act:
    """One of them."""

    title: Any
    question: Any
    effects: tuple[Any, ...]
    kept: tuple[Any, ...]


ACTS: Mapping[Withdrawal, Act] = {
    Withdrawal.FROM_FOLLOW_UP: Act(
        lazy("Withdrawal from follow-up"),
        lazy("The participant does not want to answer any more questions."),
        (
            lazy(
                "No visit is asked any more, open ones included; a questionnaire that was begun can no longer be sent."
            ),
            lazy("No more messages about this study are sent."),
        ),
        (
            lazy("Everything that was answered stays in the study and is analysed."),
            lazy("The participant can still sign in and read results and news."),
        ),
    ),
    Withdrawal.FROM_CONTACT: Act(
        lazy("Withdrawal from contact"),
        lazy("The participant does not want to get messages any more."),
        (lazy("No invitation and no reminder of this study is sent any more."),),
        (
            lazy("Visits stay open: whoever signs in without being asked can still answer."),
            lazy("Everything that was answered stays in the study and is analysed."),
        ),
    ),
    Withdrawal.FROM_USE: Act(
        lazy("Withdrawal from use"),
        lazy("The participant does not want the answers to be used any more."),
        (
            lazy("The answers are left out of every analysis made from now on."),
            lazy("No visit is asked any more, and no messages are sent."),
        ),
        (
            lazy("What was analysed or published before stays as it was."),
            lazy("The answers are kept under lock as long as the law asks for it, and no longer."),
        ),
    ),
}
LEAVING_REASONS: Mapping[str, Any] = {
    "own-wish": lazy("The participant’s own wish, without a reason"),
    "too-burdensome": lazy("Too much effort"),
    "too-ill": lazy("Too ill"),
    "doctor": lazy("On the doctor’s advice"),
    "moved": lazy("Moved away or treated elsewhere"),
    "lost": lazy("Cannot be reached any more"),
    "other": lazy("Another reason"),
}
