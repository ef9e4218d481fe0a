"""Where the buttons of a questionnaire lead. Which screens there are may have changed since the page was shown.

So a page is known by the items it showed, and the number in its address is only where to look for them first.
"""

from collections.abc import Collection, Sequence

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout, Screen


def could_be(instrument: Instrument, layout: Layout, number: int) -> bool:
    """Whether there is such a screen for somebody, whatever the answers."""
    is_one_by_one = layout == "item" or instrument.adaptive is not None
    return 1 <= number <= len(instrument.order if is_one_by_one else instrument.pages)


def place(screens: Sequence[Screen], items: Collection[ItemId], otherwise: int) -> int:
    """The number of the first screen with one of the items, else the screen nearest to the number ``otherwise``."""
    found = (screen.number for screen in screens if not set(items).isdisjoint(screen.items))
    return next(found, max(1, min(otherwise, len(screens))))


def order(instrument: Instrument, screens: Sequence[Screen]) -> tuple[ItemId, ...]:
    """All items as they come; those of an adaptive test as they are asked, and before them those that are not."""
    if instrument.adaptive is None:
        return instrument.order
    asked = [item for screen in screens for item in screen.items if item in instrument.adaptive_items]
    first = next(place for place, item in enumerate(instrument.order) if item in instrument.adaptive_items)
    test = sorted(instrument.adaptive_items.difference(asked)) + asked
    others = [item for item in instrument.order if item not in instrument.adaptive_items]
    return (*others[:first], *test, *others[first:])


def from_item(instrument: Instrument, screens: Sequence[Screen], item: ItemId) -> tuple[ItemId, ...]:
    """An item and all those after it."""
    found = order(instrument, screens)
    return found[found.index(item) :]


def before(instrument: Instrument, screens: Sequence[Screen], shown: Collection[ItemId]) -> Screen | None:
    """The last screen before everything that was shown."""
    found = order(instrument, screens)
    first = min(map(found.index, shown))
    return next((one for one in reversed(screens) if found.index(one.items[-1]) < first), None)


def ahead(instrument: Instrument, screens: Sequence[Screen], shown: Collection[ItemId]) -> Screen | None:
    """The screen of the next item that was not shown: of the same page where an answer on it has opened the item."""
    found = order(instrument, screens)
    first = min(map(found.index, shown))
    later = set(found[first:]).difference(shown)
    return next((one for one in screens if not later.isdisjoint(one.items)), None)
