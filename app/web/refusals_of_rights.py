"""Why something about an identity, an enrolment or a right over data cannot be done: a status and a sentence each."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

REFUSALS: Mapping[str, tuple[int, Any]] = {
    "unknown-right": (422, lazy("Choose what you ask for.")),
    "right-already-asked": (409, lazy("You have asked for this already. The study has not answered yet.")),
    "right-is-over": (409, lazy("This request is over. Somebody has finished it meanwhile.")),
    "answer-missing": (422, lazy("Write the answer that the participant reads.")),
    "unknown-step": (422, lazy("Choose the next step.")),
    "known-in-other-studies": (
        409,
        lazy(
            "This person takes part in other studies, which still need to reach the person. Nothing was erased. Ask "
            "the trusted third party by letter."
        ),
    ),
    "pseudonym-unknown": (404, lazy("Nobody in the vault has this pseudonym. Check that it is copied completely.")),
    "needs-another-operator": (403, lazy("Whoever asked cannot decide as well. Another operator has to.")),
    "already-decided": (409, lazy("This request no longer waits for a decision.")),
    "not-open": (403, lazy("This identity is not open to you, or no longer. Ask again if you still need it.")),
    "ticket-expired": (400, lazy("This page is no longer open. Go back to the study and begin again.")),
    "ticket-used": (409, lazy("This enrolment was finished already. Go back to the study to see it.")),
    "not-the-same-person": (
        409,
        lazy("What you typed no longer resembles that person. Please choose again."),
    ),
    "enrolment-expired": (
        400,
        lazy(
            "This enrolment is no longer open, or was finished already. Look for the subject code in the study; if it "
            "is not there, enrol once more: the trusted third party recognises the person."
        ),
    ),
    "invitation-expired": (
        410,
        lazy("This invitation is no longer valid. If you have no password yet, ask the team that invited you."),
    ),
}
