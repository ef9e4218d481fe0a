from typing import get_args

import numpy as np

from app.questionnaires.definition import Scale
from app.scoring.transforms import TRANSFORMS, Terms, linear

TERMS = Terms(lowest=np.array([1.0, 1.0]), span=np.array([3.0, 3.0]), is_reversed=np.array([False, True]))


def test_the_lowest_mean_is_0_and_the_highest_100_unless_reversed() -> None:
    """Seen failing when the two branches of the reversal were exchanged."""
    means = np.array([[1.0, 1.0], [2.5, 2.5], [4.0, 4.0]])
    assert linear(means, TERMS).tolist() == [[0.0, 100.0], [50.0, 50.0], [100.0, 0.0]]


def test_a_missing_mean_stays_missing() -> None:
    assert np.isnan(linear(np.array([[np.nan, np.nan]]), TERMS)).all()


def test_every_method_a_definition_can_name_is_here() -> None:
    assert set(get_args(Scale.model_fields["method"].annotation)) == set(TRANSFORMS)
