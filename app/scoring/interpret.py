"""What a score means to the person who reads it: which way is better, what it crosses, whether it has changed."""

from collections.abc import Callable, Mapping
from typing import Literal

from app.questionnaires.interpretation import ImportantChange, ReferenceValue, Threshold
from app.questionnaires.rules import COMPARE, Value, holds
from app.questionnaires.scale import Scale
from app.scoring.score import Score

LEAST_CHANGE = 10.0
"""Points from 0 to 100. A rule for what is *shown*, not a test of statistics and not a medical judgement.

Source: Osoba et al., J Clin Oncol 1998;16:139-144: patients called a change of 5 to 10 points "a little", of 10 to 20
points "moderate", and more than 20 points "very much". Below 10 points nothing is said: one answer given differently
on an ordinary day moves some scales by that much.
"""

ROUNDING = 1e-9
"""A third of 55 minus a third of 25 is 9.999999999999998 on a computer and still counts as 10 points."""

Facts = Callable[[str, str], Value]


def nothing_known(_kind: str, _name: str) -> Value:
    """No fact about the person is known."""
    return None


def as_wellbeing(scale: Scale, value: float) -> float:
    """The score turned so that higher is always better: a symptom scale from 0 to 100 is shown as 100 - value.

    Mirrored within the range that the definition states; 0 to 100 where it states none, which suits T scores as well.
    """
    low, high = scale.range or (0.0, 100.0)
    return low + high - value if scale.better == "low" else value


def change(previous: float, current: float) -> Literal["better", "worse", "same"]:
    """How two values of ``as_wellbeing`` compare: another word than "same" from ``LEAST_CHANGE`` points on."""
    difference = current - previous
    if abs(difference) < LEAST_CHANGE - ROUNDING:
        return "same"
    return "better" if difference > 0 else "worse"


def crossed(scale: Scale, value: float, facts: Facts = nothing_known) -> tuple[Threshold, ...]:
    """The confirmed thresholds that a score reaches, for a person with these facts, in the order of the definition."""
    return tuple(
        one
        for one in scale.thresholds
        if one.status == "confirmed" and COMPARE[one.at](value, one.value) and holds(one.only_if, facts)
    )


def important(scale: Scale, before: float, now: float) -> tuple[ImportantChange, ...]:
    """The confirmed minimal important differences that the way from one score to the other reaches.

    ``before`` is the baseline or the previous visit. On a scale without a good end only "either" can be reached.
    """
    difference = now - before
    gain = {"high": difference, "low": -difference, "neither": 0.0}[scale.better]
    size: Mapping[str, float] = {"either": abs(difference), "better": gain, "worse": -gain}
    return tuple(
        one
        for one in scale.important_changes
        if one.status == "confirmed" and size[one.direction] >= one.points - ROUNDING
    )


def references(scale: Scale, facts: Facts = nothing_known) -> tuple[ReferenceValue, ...]:
    """The confirmed reference values for a person with these facts."""
    return tuple(one for one in scale.reference_values if one.status == "confirmed" and holds(one.only_if, facts))


def explained(score: Score) -> str:
    """Why there is a value or none, as a sentence for data people; what participants read is worded elsewhere."""
    missing = score.of - score.answered
    if score.value is not None:
        return "computed" if not missing else f"computed from {score.answered} of {score.of}"
    return SENTENCES[score.reason].format(missing=missing, of=score.of, needed=score.needed)


SENTENCES: Mapping[str, str] = {
    "too-few-answers": "not computed: {missing} of {of} items missing, at least {needed} needed",
    "parts-missing": "not computed: {missing} of {of} parts missing, at least {needed} needed",
    "too-few-overall": "not computed: too few answers over all",
    "not-applicable": "not computed: does not apply to this person",
    "no-value-set": "not computed: no value set chosen or installed",
    "no-value": "not computed: no value is defined for these answers",
}
