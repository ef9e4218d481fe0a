"""The kinds of post, what is written in each, and whom one can be for: the only tables of them."""

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST: Mapping[str, int] = {
    "title": 150,
    "body": 10_000,
    "who": 1_500,
    "involves": 3_000,
    "duration": 300,
    "contact": 500,
}
"""Every text of a post, in the order it is written and read, with its greatest number of characters."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a post is for: those who take part in its study, and whoever has an account and wants news of studies."""

    to_participants: bool
    to_everybody: bool


AUDIENCES: Mapping[str, Audience] = {
    "study": Audience(to_participants=True, to_everybody=False),
    "everybody": Audience(to_participants=False, to_everybody=True),
    "both": Audience(to_participants=True, to_everybody=True),
}
TO_PARTICIPANTS = tuple(key for key, audience in AUDIENCES.items() if audience.to_participants)
TO_EVERYBODY = tuple(key for key, audience in AUDIENCES.items() if audience.to_everybody)
"""What reaches people outside the study, and so needs somebody's approval."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of post has. Only an announcement asks for a reply, can be muted, and can be for everybody."""

    texts: tuple[str, ...]
    has_chart: bool
    is_announcement: bool
    audiences: tuple[str, ...] = ("study",)


ANNOUNCEMENT = Kind(texts=tuple(LONGEST), has_chart=False, is_announcement=True, audiences=tuple(AUDIENCES))

KINDS: Mapping[str, Kind] = {
    "summary": Kind(texts=("title", "body"), has_chart=True, is_announcement=False),
    "trial": ANNOUNCEMENT,
    "survey": ANNOUNCEMENT,
}
ANNOUNCEMENTS = tuple(key for key, kind in KINDS.items() if kind.is_announcement)
