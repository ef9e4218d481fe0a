"""What causes which message, and how it behaves on its way: the only table of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a message goes out.

    ``is_for_staff``: a professional reads it, and no participant. ``waits``: for the reader's own hour, for the end of
    the quiet hours and for a week with fewer messages; what does not wait goes out at once or not at all. ``lasts``:
    how long after its cause it is still worth sending; None: as long as the cause holds. ``again``: how long after the
    message it is sent once more, and only once, if it is still wanted then.
    """

    because: str
    is_for_staff: bool = False
    waits: bool = True
    lasts: timedelta | None = None
    again: timedelta | None = None


CAUSES: Final[Mapping[str, Cause]] = {
    "invitation": Cause("a step of a visit's ladder falls due"),
    "reminder": Cause("a step of a visit's ladder falls due and the visit is not answered"),
    "last-call": Cause("a step of a visit's ladder falls due and the visit is not answered"),
    "digest": Cause("several steps fall due to one person at once"),
    "receipt": Cause("a participant has sent a visit, and wants to be told", waits=False, lasts=timedelta(days=1)),
    "results": Cause("a summary of results is published", lasts=timedelta(days=30)),
    "announcement": Cause("news of a study that one could join are published", lasts=timedelta(days=14)),
    "study-news": Cause("news for everybody who wants news of studies are approved", lasts=timedelta(days=14)),
    "consent": Cause("a version of a study's consent needs a new agreement, and is not answered", again=timedelta(14)),
    "staff-alert": Cause(
        "an address bounced, a message failed, a ladder escalated, a consent is refused", is_for_staff=True
    ),
    "staff-digest": Cause("it is the hour, and something is overdue or was not delivered", is_for_staff=True),
    "staff-code": Cause("a professional has given an address", is_for_staff=True, lasts=timedelta(minutes=30)),
    "staff-changed": Cause("how a professional signs in has changed, whoever did it", is_for_staff=True),
    "staff-address-changed": Cause("a professional has replaced or deleted the address", is_for_staff=True),
    "staff-test": Cause("a professional wants to read the messages of a study", is_for_staff=True),
}
