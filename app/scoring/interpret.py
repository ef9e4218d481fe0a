"""What a score means to the person who reads it: which way is better, and whether it has changed enough to say so."""

from typing import Literal

from app.questionnaires.definition import Scale

LEAST_CHANGE = 10.0
"""Points from 0 to 100. A rule for what is *shown*, not a test of statistics and not a medical judgement.

Source: Osoba et al., J Clin Oncol 1998;16:139-144: patients called a change of 5 to 10 points "a little", of 10 to 20
points "moderate", and more than 20 points "very much". Below 10 points nothing is said: one answer given differently
on an ordinary day moves some scales by that much.
"""

ROUNDING = 1e-9
"""A third of 55 minus a third of 25 is 9.999999999999998 on a computer and still counts as 10 points."""


def as_wellbeing(scale: Scale, value: float) -> float:
    """The score (0 to 100) turned so that higher is always better: a symptom scale is shown as 100 - value."""
    return value if scale.better == "high" else 100.0 - value


def change(previous: float, current: float) -> Literal["better", "worse", "same"]:
    """How two values of ``as_wellbeing`` compare: another word than "same" from ``LEAST_CHANGE`` points on."""
    difference = current - previous
    if abs(difference) < LEAST_CHANGE - ROUNDING:
        return "same"
    return "better" if difference > 0 else "worse"
