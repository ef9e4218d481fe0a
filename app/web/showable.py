"""What these pages can show of an instrument; what they cannot is refused, or left out, before anybody meets it."""

from collections.abc import Iterable

from app.errors import Refusal
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ScaleId
from app.questionnaires.library import Library
from app.questionnaires.reach import ends
from app.web.question_shapes import OPTIONS

DRAWN = (0.0, 100.0)


def is_answerable_here(instrument: Instrument) -> bool:
    """Whether there is a way to show every item."""
    return {instrument.response_of(item).kind for item in instrument.order} <= OPTIONS.keys()


def refuse_unless_answerable(library: Library, keys: Iterable[str]) -> None:
    """Refusal ("not-answerable-here") where one of the instruments has no wording or is not ``is_answerable_here``."""
    for key in keys:
        if (
            key not in library.installed
            or not library.languages(key)
            or not is_answerable_here(library.instrument(key))
        ):
            raise Refusal("not-answerable-here")


def drawn_scales(instrument: Instrument) -> tuple[ScaleId, ...]:
    """The scales that charts can show, in order: those from 0 to 100 of which one end is the good one."""
    spans = ends(instrument)
    return tuple(
        name for name, scale in instrument.scales.items() if spans[name] == DRAWN and scale.better != "neither"
    )
