"""The kinds of post and what is written in each: the only table of them."""

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
class Kind:
    """What one kind of post has. Only an announcement asks for a reply, and can be muted."""

    texts: tuple[str, ...]
    has_chart: bool
    is_announcement: bool


ANNOUNCEMENT = Kind(texts=tuple(LONGEST), has_chart=False, is_announcement=True)

KINDS: Mapping[str, Kind] = {
    "summary": Kind(texts=("title", "body"), has_chart=True, is_announcement=False),
    "trial": ANNOUNCEMENT,
    "survey": ANNOUNCEMENT,
}
ANNOUNCEMENTS = tuple(key for key, kind in KINDS.items() if kind.is_announcement)
