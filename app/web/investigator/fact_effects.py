"""Which instruments of a study read a fact about a participant, and what it decides in each, as a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.questionnaires.definition import Fact, Instrument
from app.questionnaires.elements import FactId, ScaleId
from app.questionnaires.scales import AnyScale
from app.web.investigator import scales
from app.web.locale import _, ngettext
from app.web.request import current


@dataclass(frozen=True, slots=True)
class Read:
    """A fact as one instrument reads it."""

    instrument: str
    title: str
    fact: Fact
    effect: str


def of_instruments(keys: Iterable[str]) -> Mapping[str, list[Read]]:
    """By fact everything that the instruments of these keys read, in their order."""
    found: dict[str, list[Read]] = {}
    for key in keys:
        instrument = current.library.instrument(key)
        for name, fact in instrument.facts.items():
            found.setdefault(name, []).append(Read(key, scales.name_of(key), fact, effect(instrument, name)))
    return found


def effect(instrument: Instrument, fact: FactId) -> str:
    """What the fact decides in an instrument: which questions are asked, which scores are computed and how."""
    asked = sum(_mentions(item.model_dump(mode="json"), fact) for item in instrument.items.values())
    decided = [title for title, scale in _scored(instrument).items() if _mentions(scale, fact)]
    said = []
    if asked:
        said.append(
            ngettext(
                "It decides whether %(num)s question is asked.",
                "It decides whether %(num)s questions are asked.",
                asked,
            )
        )
    if decided:
        said.append(_("It decides how these are computed: %(scores)s.", scores=", ".join(decided)))
    return " ".join(said) or _("It is used by checks only.")


def _scored(instrument: Instrument) -> dict[str, list[Any]]:
    """Every scale, with the steps that lead to it, as plain data."""
    return {
        scale.title: [one.model_dump(mode="json") for one in (scale, *_steps(instrument, scale))]
        for scale in instrument.scales.values()
    }


def _steps(instrument: Instrument, scale: AnyScale) -> list[AnyScale]:
    """The steps that a scale is computed from, however far back."""
    found: dict[str, AnyScale] = {}
    waiting = list(scale.sources)
    while waiting:
        name = waiting.pop()
        step = instrument.steps.get(ScaleId(name))
        if step is not None and name not in found:
            found[name] = step
            waiting.extend(step.sources)
    return list(found.values())


def _mentions(part: Any, fact: str) -> bool:
    """Whether a condition somewhere in it looks at the fact, or it is itself what is counted."""
    if isinstance(part, Mapping):
        return part.get("fact") == fact or any(_mentions(one, fact) for one in part.values())
    return isinstance(part, list | tuple) and any(_mentions(one, fact) or one == fact for one in part)
