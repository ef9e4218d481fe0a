"""The scales of a study's instruments as professionals see them: in the direction in which they are scored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from app.charts.model import Axis
from app.i18n import DEFAULT_LANGUAGE
from app.questionnaires.elements import ScaleId
from app.questionnaires.reach import ends
from app.questionnaires.scale import Scale
from app.questionnaires.wording import Wording
from app.web.filters import number
from app.web.locale import _, lazy
from app.web.request import current
from app.web.showable import drawn_scales

# A definition names its scales once, in English. These are the translations of our own instrument's.
TITLES: Mapping[str, Any] = {
    "Global quality of life": lazy("Global quality of life"),
    "Physical functioning": lazy("Physical functioning"),
    "Daily activities and work": lazy("Daily activities and work"),
    "Emotional functioning": lazy("Emotional functioning"),
    "Memory and concentration": lazy("Memory and concentration"),
    "Family and social life": lazy("Family and social life"),
    "Fatigue": lazy("Fatigue"),
    "Pain": lazy("Pain"),
    "Nausea and digestion": lazy("Nausea and digestion"),
    "Sleep problems": lazy("Sleep problems"),
    "Breathlessness": lazy("Breathlessness"),
    "Loss of appetite": lazy("Loss of appetite"),
    "Tingling and numbness": lazy("Tingling and numbness"),
    "Hot flushes": lazy("Hot flushes"),
    "Money worries": lazy("Money worries"),
}
BETTER: Mapping[str, Any] = {
    "high": lazy("Higher is better on this scale."),
    "low": lazy("Lower is better on this scale."),
    "neither": lazy("Neither end of this scale is the better one."),
}


@dataclass(frozen=True, slots=True)
class ShownScale:
    """One scale in the reader's language; ``low`` and ``high`` say what its ends, ``span``, mean as scored.

    ``is_drawn``: charts of it can be drawn.
    """

    instrument: str
    id: ScaleId
    scale: Scale
    title: str
    low: str
    high: str
    span: tuple[float, float]
    is_drawn: bool

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"{self.instrument}:{self.id}"

    @property
    def label(self) -> str:
        """Its title and its code."""
        return f"{self.title} ({self.id})"

    @property
    def better(self) -> str:
        """Which end is the good one, in a sentence."""
        return str(BETTER[self.scale.better])

    def axis(self) -> Axis:
        """The words of a chart of it."""
        return Axis(
            low=_("0: %(meaning)s", meaning=self.low),
            high=_("100: %(meaning)s", meaning=self.high),
            number=number,
            day=month,
        )


def installed(instruments: Iterable[str]) -> list[str]:
    """Those of some instruments that this process has files of."""
    return [key for key in instruments if key in current.library.installed]


def wording_for(instrument: str) -> Wording | None:
    """The wording in the reader's language, else in any; None where none is installed."""
    languages = current.library.languages(instrument)
    wanted = [language for language in (current.language, DEFAULT_LANGUAGE, *languages) if language in languages]
    return current.library.wording(instrument, wanted[0]) if wanted else None


def name_of(instrument: str) -> str:
    """What participants know an installed instrument as, else how it was published."""
    wording = wording_for(instrument)
    return wording.title if wording else current.library.instrument(instrument).title


def title_of(scale: Scale) -> str:
    """A scale's title in the reader's language, or as published where nobody has translated it."""
    return str(TITLES.get(scale.title, scale.title))


def scales_of(instrument: str) -> list[ShownScale]:
    """The scales of an installed instrument, in its order."""
    wording, definition = wording_for(instrument), current.library.instrument(instrument)
    spans, drawn = ends(definition), drawn_scales(definition)
    shown = []
    for id, scale in definition.scales.items():
        # The wording's ends are those of the results page, where higher is always better.
        words = wording.scales[id] if wording else None
        meanings = (words.low, words.high) if words else ("", "")
        low, high = meanings[::-1] if scale.better == "low" else meanings
        shown.append(ShownScale(instrument, id, scale, title_of(scale), low, high, spans[id], id in drawn))
    return shown


def chosen(scales: Sequence[ShownScale], key: str) -> ShownScale | None:
    """The scale that a form asks for, else the first; None where there is none at all."""
    return next((one for one in scales if one.key == key), scales[0] if scales else None)


def month(on: date) -> str:
    """A month and a year, short enough for an axis."""
    return format_date(on, format="MMM yyyy", locale=current.language)
