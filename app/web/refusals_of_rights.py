"""Why something about an identity, an enrolment or a right over data cannot be done: a status and a sentence each."""

from collections.abc import Mapping
from typing import Any

from app.web.locale import lazy

REFUSALS: Mapping[str, tuple[int, Any]] = {
    "unknown-right": (422, lazy("Choose what you ask for.")),
    "right-already-asked": (409, lazy("You have asked for this already. The study has not answered yet.")),
    "right-is-over": (409, lazy("This request is over. Somebody has finished it meanwhile.")),
    "answer-missing": (422, lazy("Write the answer that the participant reads.")),
    "effect-missing": (422, lazy("Choose what is switched off when the request is granted.")),
    "unknown-step": (422, lazy("Choose the next step.")),
    "known-in-other-studies": (
        409,
        lazy(
            "This person takes part in other studies, which still need to reach the person. Nothing was erased. Ask "
            "the trusted third party by letter."
        ),
    ),
    "known-in-studies": (
        409,
        lazy("You take part in a study. Ask it to erase your data: it answers what can be erased. Nothing was erased."),
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
    "batch-expired": (
        400,
        lazy(
            "This list is no longer open, or was enrolled already. Look for the subject codes in the study; if they "
            "are not there, begin again with the same codes and the same file: nobody is entered twice."
        ),
    ),
    "list-empty": (422, lazy("Choose the file with your list. It needs one line at least below the names of columns.")),
    "list-too-large": (413, lazy("The file is too large: at most 200 kB. Split the list into several.")),
    "list-too-long": (422, lazy("The list has too many lines: at most %(lines)s people at a time. Split it.")),
    "list-unreadable": (
        422,
        lazy(
            "This file is no text that we can read. In your spreadsheet choose “Save as” and the format “CSV UTF-8”, "
            "then choose the new file here."
        ),
    ),
    "list-columns": (
        422,
        lazy(
            "The first line must name the columns, each once, with subject code, given name and family name among "
            "them. Take the empty list from this page and copy your columns into it."
        ),
    ),
    "list-quotes": (
        422,
        lazy("On line %(line)s a quotation mark is out of place. Take it out, or close the quoted text."),
    ),
    "registration-over": (
        410,
        lazy("This link has been used, or it is too old. If you have no account yet, please register once more."),
    ),
    "not-an-address": (422, lazy("Enter an address such as name@example.org.")),
    "too-many-changes": (429, lazy("The address was changed often today. Please go on tomorrow.")),
    "correction-used": (409, lazy("This correction was made already. Go back to the study to begin another one.")),
    "address-change-over": (
        410,
        lazy("This link has been used, or it is too old. The address can be changed again on the account."),
    ),
    "invitation-expired": (
        410,
        lazy("This invitation is no longer valid. If you have no password yet, ask the team that invited you."),
    ),
}
