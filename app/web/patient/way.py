"""Where the buttons of a questionnaire lead. Which screens there are may have changed since the page was shown.

So a page is known by the items it showed, and the number in its address is only where to look for them first.
"""

from collections.abc import Collection, Sequence

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.routing import Layout, Screen


def could_be(instrument: Instrument, layout: Layout, number: int) -> bool:
    """Whether there is such a screen for somebody, whatever the answers."""
    return 1 <= number <= len(instrument.order if layout == "item" else instrument.pages)


def place(screens: Sequence[Screen], items: Collection[ItemId], otherwise: int) -> int:
    """The number of the first screen with one of the items, else the screen nearest to the number ``otherwise``."""
    found = (screen.number for screen in screens if not set(items).isdisjoint(screen.items))
    return next(found, max(1, min(otherwise, len(screens))))


def from_item(instrument: Instrument, item: ItemId) -> tuple[ItemId, ...]:
    """An item and all those after it."""
    return instrument.order[instrument.order.index(item) :]


def before(instrument: Instrument, screens: Sequence[Screen], shown: Collection[ItemId]) -> Screen | None:
    """The last screen before everything that was shown."""
    first = min(map(instrument.order.index, shown))
    return next((one for one in reversed(screens) if instrument.order.index(one.items[-1]) < first), None)


def ahead(instrument: Instrument, screens: Sequence[Screen], shown: Collection[ItemId]) -> Screen | None:
    """The screen of the next item that was not shown: of the same page where an answer on it has opened the item."""
    first = min(map(instrument.order.index, shown))
    later = set(instrument.order[first:]).difference(shown)
    return next((one for one in screens if not later.isdisjoint(one.items)), None)
