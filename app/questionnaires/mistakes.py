"""What is wrong with an instrument's files, said to the person who writes them: file, line, place, sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.questionnaires.sayings import saying

MAX_LISTED = 200


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to correct. ``where`` is a dotted path in which list entries count from 1: ``pages.1.items.3``."""

    path: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: "
        return f"{place}{self.where}: {self.message}" if self.where else f"{place}{self.message}"


class BrokenFile(Exception):
    """One file with all its mistakes, from top to bottom."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = _listed(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


def _listed(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Each mistake once, by line. Beyond 200 a last entry says that there are more: nobody reads fifty thousand."""
    ordered = sorted(dict.fromkeys(mistakes), key=lambda mistake: mistake.line)
    if len(ordered) <= MAX_LISTED:
        return tuple(ordered)
    last = ordered[MAX_LISTED - 1]
    more = Mistake(
        last.path, last.line, "", saying("There are more mistakes; the first %(most)s are listed.", most=MAX_LISTED)
    )
    return (*ordered[:MAX_LISTED], more)
