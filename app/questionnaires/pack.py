"""A wording as it is kept here: its text, since when it is installed, and whether it is still in use."""

from dataclasses import dataclass
from datetime import datetime

from app.questionnaires.wording import Wording


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a wording. ``installed_at`` is None for one that came with the program.

    Nobody is asked with a withdrawn one who has not begun with it; what was answered with it can still be read.
    """

    wording: Wording
    installed_at: datetime | None = None
    installed_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_because: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether somebody may begin with it."""
        return self.withdrawn_at is None


def rank(pack: Pack) -> tuple[int, ...]:
    """The order of wording versions: 1.9 comes before 1.10, and before 2."""
    return tuple(int(part) for part in pack.wording.wording_version.split("."))
