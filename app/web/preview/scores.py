"""The scores that the answers of a preview would give: the same engine as in a study, with its reasons in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from app.i18n import locale
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.interpretation import Threshold
from app.questionnaires.scale import Scale
from app.questionnaires.scales import Utility
from app.scoring import interpret
from app.scoring.plan import compile_plan
from app.scoring.score import Score, score_one
from app.web.condition_words import number_of
from app.web.locale import _, lazy, ngettext
from app.web.preview.shown import Preview
from app.web.request import current

REASONS: Mapping[str, Any] = {
    "computed": lazy("Computed."),
    "too-few-answers": lazy("Not computed: too few of its questions are answered."),
    "parts-missing": lazy("Not computed: a score that it is made of is missing."),
    "too-few-overall": lazy("Not computed: too few questions are answered over all."),
    "not-applicable": lazy("Not computed: the scale does not apply to this person."),
    "no-value-set": lazy("Not computed: no set of preference values is chosen or installed."),
    "no-value": lazy("Not computed: no value is defined for these answers."),
}
"""Why there is a number, or none; one row for each status of the engine."""
BETTER: Mapping[str, Any] = {
    "high": lazy("higher is better"),
    "low": lazy("lower is better"),
    "neither": lazy("neither end is better"),
}
REACHED: Mapping[str, Any] = {
    "ge": lazy("%(title)s: at least %(value)s"),
    "gt": lazy("%(title)s: above %(value)s"),
    "le": lazy("%(title)s: at most %(value)s"),
    "lt": lazy("%(title)s: below %(value)s"),
}


@dataclass(frozen=True, slots=True)
class ShownScore:
    """One score in words: ``why`` says how it came about, ``reached`` which confirmed thresholds, with their source."""

    score: Score
    title: str
    value: str
    span: str
    why: str
    used: str
    reached: tuple[tuple[str, str], ...]


def computed(preview: Preview, value_set: str | None = None) -> list[ShownScore]:
    """Every score, in the order of the definition, from exactly what a study would score."""
    instrument = preview.instrument
    if not instrument.scales:
        return []
    plan = compile_plan(instrument, value_set)
    scorable = set(plan.items)
    given = {item: value for item, value in preview.scored().items() if item in scorable}
    return [_shown(preview, score, given) for score in score_one(plan, given, preview.tried.facts)]


def value_sets(instrument: Instrument) -> list[tuple[str, str]]:
    """The sets of preference values that one can choose: code and title."""
    found: dict[str, str] = {}
    for scale in instrument.computed.values():
        if isinstance(scale, Utility):
            found |= {code: one.title for code, one in scale.sets.items()}
    return list(found.items())


def number(value: float) -> str:
    """A score as the reader writes numbers, with three decimals at most."""
    return format_decimal(value, format="#,##0.###", locale=locale(current.language))


def _shown(preview: Preview, score: Score, given: Mapping[ItemId, float]) -> ShownScore:
    instrument = preview.instrument
    scale = instrument.scales[score.scale]
    return ShownScore(
        score=score,
        title=scale.title,
        value="–" if score.value is None else number(score.value),
        span=_span(score, scale),
        why=_why(score),
        used=_used(instrument, score, given),
        reached=() if score.value is None else tuple(map(_reached, _crossed(preview, scale, score.value))),
    )


def _crossed(preview: Preview, scale: Scale, value: float) -> tuple[Threshold, ...]:
    return interpret.crossed(scale, value, preview.tried.knows)


def _reached(one: Threshold) -> tuple[str, str]:
    return str(REACHED[one.at]) % {"title": one.title, "value": f"{one.value:g}"}, one.source


def _span(score: Score, scale: Scale) -> str:
    better = str(BETTER[scale.better])
    if abs(score.low) == float("inf") or abs(score.high) == float("inf"):
        return _("no stated range; %(better)s", better=better)
    return _("%(low)s to %(high)s; %(better)s", low=f"{score.low:g}", high=f"{score.high:g}", better=better)


def _why(score: Score) -> str:
    counted = ngettext(
        "%(answered)s of %(num)s part is there, %(needed)s needed.",
        "%(answered)s of %(num)s parts are there, %(needed)s needed.",
        score.of,
        answered=score.answered,
        needed=score.needed,
    )
    return f"{REASONS[score.reason]} {counted}"


def _used(instrument: Instrument, score: Score, given: Mapping[ItemId, float]) -> str:
    """The answers it rests on, by the number of the question."""
    pairs = [f"{number_of(instrument, item)} = {given[item]:g}" for item in score.items if item in given]
    return _("Answers used: %(answers)s", answers=", ".join(pairs)) if pairs else ""
