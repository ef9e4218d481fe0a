"""The rules of an adaptive test: where it starts, what it must cover, when it stops, and what they leave to ask."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.questionnaires.elements import ItemId


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the content, of which at least ``least`` and at most ``most`` items are answered."""

    name: str
    items: frozenset[ItemId]
    least: int = 0
    most: int | None = None

    def owed(self, answered: AbstractSet[ItemId], shown: AbstractSet[ItemId]) -> int:
        """How many answers are wanting and can still be asked for: an area of declined items owes nothing."""
        return max(0, min(self.least - len(self.items & answered), len(self.items - shown)))

    def is_full(self, answered: AbstractSet[ItemId]) -> bool:
        """Whether ``most`` of its items are answered."""
        return self.most is not None and len(self.items & answered) >= self.most


@dataclass(frozen=True, slots=True)
class Rules:
    """When a test starts, what it must cover and when it stops. ValueError lists all rules that contradict each other.

    ``first`` is asked first; without it, the item that tells most about the mean of the prior. The test stops once the
    standard error of theta is *below* ``precise``, ``shortest`` items are answered and every area has its least; or
    when ``longest`` items have been shown, answered or declined.

    As they stand: the usual rules of PROMIS, 4 to 12 items and a standard error below 3 points of T.
    """

    first: ItemId | None = None
    precise: float = 0.3
    shortest: int = 4
    longest: int = 12
    areas: tuple[Area, ...] = ()

    def __post_init__(self) -> None:
        if mistakes := [*_length_mistakes(self), *_area_mistakes(self.areas)]:
            raise ValueError("; ".join(mistakes))

    @property
    def named(self) -> frozenset[ItemId]:
        """Every item that the rules speak of."""
        first = frozenset([self.first] if self.first is not None else [])
        return first.union(*(area.items for area in self.areas))

    def pool(
        self, bank: AbstractSet[ItemId], answered: AbstractSet[ItemId], shown: AbstractSet[ItemId]
    ) -> frozenset[ItemId]:
        """The items of the bank not yet shown whose area is not full."""
        full = (area.items for area in self.areas if area.is_full(answered))
        return frozenset(bank).difference(shown, *full)


def _length_mistakes(rules: Rules) -> list[str]:
    least = sum(area.least for area in rules.areas)
    is_extra = rules.first is not None and all(rules.first not in area.items for area in rules.areas if area.least)
    is_right = {
        f"a standard error below {rules.precise} is never reached": rules.precise > 0,
        f"{rules.shortest} to {rules.longest} items: no such test": 0 <= rules.shortest <= rules.longest >= 1,
        f"the areas and the first item need more than {rules.longest} items": least + is_extra <= rules.longest,
    }
    return [mistake for mistake, is_kept in is_right.items() if not is_kept]


def _area_mistakes(areas: tuple[Area, ...]) -> list[str]:
    found = []
    for area in areas:
        most = len(area.items) if area.most is None else area.most
        if most < 1 or not 0 <= area.least <= min(most, len(area.items)):
            found.append(f"{area.name}: {area.least} to {most} of its {len(area.items)} items cannot be asked")
    if sum(len(area.items) for area in areas) > len(frozenset[ItemId]().union(*(area.items for area in areas))):
        found.append("an item belongs to one area only")
    return found
