"""What professionals read of the scales of an instrument: rules, and what published sources say a score means."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.questionnaires.conditions import Condition
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.interpretation import ImportantChange, ReferenceValue, Sourced, Threshold
from app.questionnaires.missing_rules import needed
from app.questionnaires.reach import ends
from app.questionnaires.scale import Listed, Scale
from app.questionnaires.scales import Linear
from app.questionnaires.wording import Wording
from app.web.condition_words import in_words, number_of
from app.web.investigator import codebook
from app.web.investigator.scales import title_of
from app.web.locale import _, lazy, ngettext

BETTER: Mapping[str, Any] = {
    "high": lazy("Higher is better"),
    "low": lazy("Lower is better"),
    "neither": lazy("Neither end is better"),
}
REACHED: Mapping[str, Any] = {
    "ge": lazy("%(value)s or more: %(title)s"),
    "gt": lazy("more than %(value)s: %(title)s"),
    "le": lazy("%(value)s or less: %(title)s"),
    "lt": lazy("less than %(value)s: %(title)s"),
}
CHANGES: Mapping[str, Any] = {
    "either": lazy("%(points)s points in either direction: %(title)s"),
    "better": lazy("%(points)s points for the better: %(title)s"),
    "worse": lazy("%(points)s points for the worse: %(title)s"),
}


@dataclass(frozen=True, slots=True)
class ShownScale:
    """A scale in words. ``meanings`` are (sentence, source); ``unchecked`` are sources nobody has checked yet."""

    id: str
    title: str
    range: str
    better: str
    items: str
    rule: str
    gate: str
    note: str
    meanings: tuple[tuple[str, str], ...]
    unchecked: tuple[str, ...]


def scales(instrument: Instrument, wording: Wording) -> list[ShownScale]:
    """Every scale that is shown to somebody; the steps on the way are not."""
    spans = ends(instrument)
    return [_scale(instrument, wording, name, scale, spans[name]) for name, scale in instrument.scales.items()]


def span(low: float, high: float) -> str:
    """The range of a scale in words."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return _("No stated range")
    return _("%(low)s to %(high)s", low=f"{low:g}", high=f"{high:g}")


def missing_rule(scale: Scale) -> str:
    """How many answers a score needs, in words."""
    of = len(scale.sources)
    least = needed(scale.rule, of)
    if least >= of:
        return ngettext("The one part is needed.", "All %(num)s parts are needed.", of)
    return ngettext(
        "At least %(num)s of %(of)s parts is needed.", "At least %(num)s of %(of)s parts are needed.", least, of=of
    )


def _scale(
    instrument: Instrument, wording: Wording, name: str, scale: Scale, ends_of_it: tuple[float, float]
) -> ShownScale:
    method = str(codebook.METHODS[scale.method])
    if isinstance(scale, Linear) and scale.reversed:
        method = _("%(method)s, %(turned)s", method=method, turned=str(codebook.TURNED))
    return ShownScale(
        id=name,
        title=title_of(scale),
        range=span(*ends_of_it),
        better=str(BETTER[scale.better]),
        items=_sources(instrument, scale),
        rule=f"{method[:1].upper()}{method[1:]}. {missing_rule(scale)}",
        gate=_gate(instrument, wording, scale),
        note=scale.note or "",
        meanings=tuple(_meanings(instrument, wording, scale)),
        unchecked=tuple(dict.fromkeys(one.source for one in _published(scale) if one.status != "confirmed")),
    )


def _published(scale: Scale) -> tuple[Sourced, ...]:
    return (*scale.thresholds, *scale.important_changes, *scale.reference_values)


def _meanings(instrument: Instrument, wording: Wording, scale: Scale) -> list[tuple[str, str]]:
    """What confirmed publications say; what is to be confirmed is no truth yet and its numbers are shown to nobody."""
    found = []
    for one in _published(scale):
        if one.status == "confirmed":
            sentence = SAID[type(one)](one)
            only_if: Condition | None = getattr(one, "only_if", None)
            if only_if:
                who = in_words(only_if, instrument, wording)
                sentence = _("%(sentence)s (if %(condition)s)", sentence=sentence, condition=who)
            found.append((sentence, one.source))
    return found


def _threshold(one: Threshold) -> str:
    return str(REACHED[one.at]) % {"value": f"{one.value:g}", "title": one.title}


def _change(one: ImportantChange) -> str:
    return str(CHANGES[one.direction]) % {"points": f"{one.points:g}", "title": one.title}


def _reference(one: ReferenceValue) -> str:
    if one.sd is None:
        return _("Mean %(mean)s in %(population)s", mean=f"{one.mean:g}", population=one.population)
    return _(
        "Mean %(mean)s (standard deviation %(sd)s) in %(population)s",
        mean=f"{one.mean:g}",
        sd=f"{one.sd:g}",
        population=one.population,
    )


SAID: Mapping[type[Sourced], Any] = {
    Threshold: _threshold,
    ImportantChange: _change,
    ReferenceValue: _reference,
}


def _gate(instrument: Instrument, wording: Wording, scale: Scale) -> str:
    parts = []
    if scale.only_if:
        condition = in_words(scale.only_if, instrument, wording)
        parts.append(_("Computed only if %(condition)s.", condition=condition))
    if scale.unless:
        condition = in_words(scale.unless, instrument, wording)
        parts.append(_("Not computed if %(condition)s.", condition=condition))
    return " ".join(parts)


def _sources(instrument: Instrument, scale: Scale) -> str:
    """The questions by number, or the scales by name; an asterisk marks a question that is turned round."""
    turned = set(scale.reverse) if isinstance(scale, Listed) else set()
    items = [ItemId(one) for one in scale.sources if one in instrument.items]
    scales = [one for one in scale.sources if one not in instrument.items]
    shown = ", ".join(number_of(instrument, one) + ("*" if one in turned else "") for one in items)
    parts = [_("Questions %(questions)s", questions=shown)] if items else []
    return "; ".join([*parts, *([_("Scales %(scales)s", scales=", ".join(scales))] if scales else [])])
