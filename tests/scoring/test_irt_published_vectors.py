"""The graded response model against mirt, row by row; see data/irt_README.md for the source and the tolerances."""

import numpy as np

from app.scoring.graded import categories_of, category_probabilities, item_information
from app.scoring.irt import Status, eap
from app.scoring.maximum_likelihood import Likelihood, ml
from app.scoring.transforms import Floats
from tests.scoring.banks import forty, rows_of, table_of

BANK = forty()
CURVES = rows_of("irt_curves.csv")
ROWS = rows_of("irt_thetas.csv")
ANSWERS = table_of([row["answers"] for row in ROWS])


def column(rows: tuple[dict[str, str], ...], name: str) -> Floats:
    return np.array([float(row[name]) for row in rows])


def at_curves(values: Floats) -> Floats:
    """Of (thetas, items, ...) the entry of each published row, in which each row has its own theta and item."""
    return values[np.arange(len(CURVES)), [BANK.items.index(row["item"]) for row in CURVES]]


def test_the_rows_are_complete_and_incomplete_and_as_many_as_their_source() -> None:
    answered = (~np.isnan(ANSWERS)).sum(axis=1)
    assert (520, 120) == (len(CURVES), len(ROWS))
    assert (5, 40) == (answered.min(), answered.max())


def test_every_published_probability_is_found() -> None:
    """Seen failing with the factor 1.7 and with the probability of a category taken from the one above it."""
    expected = np.stack([column(CURVES, f"exp_p{category}") for category in range(5)], axis=1)
    found = at_curves(category_probabilities(BANK, column(CURVES, "theta")))
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)


def test_every_published_information_is_found() -> None:
    """Seen failing with the slope instead of its square, and with the sum of P(X < k) and P(X > k)."""
    found = at_curves(item_information(BANK, column(CURVES, "theta")))
    np.testing.assert_allclose(found, column(CURVES, "exp_information"), rtol=1e-13, atol=1e-15)


def test_every_published_expected_theta_and_its_error_are_found() -> None:
    """Seen failing, one change at a time: 61 points; points from -4 to 4; a prior of deviation 1.2; no prior; a missing
    answer taken as the lowest; the variance about 0 instead of about the mean.
    """
    found = eap(BANK, ANSWERS)
    np.testing.assert_allclose(found.theta, column(ROWS, "exp_eap"), rtol=0, atol=1e-13)
    np.testing.assert_allclose(found.error, column(ROWS, "exp_eap_se"), rtol=0, atol=1e-13)


def test_every_published_most_likely_theta_and_its_error_are_found() -> None:
    """Seen failing when the search ended after one step, when a missing answer was taken as the lowest, and with the
    expected instead of the observed information.
    """
    found = ml(BANK, ANSWERS)
    assert {Status.ESTIMATED} == set(found.status.tolist())
    np.testing.assert_allclose(found.theta, column(ROWS, "exp_ml"), rtol=0, atol=2e-6)
    np.testing.assert_allclose(found.error, column(ROWS, "exp_ml_se"), rtol=0, atol=1e-4)


def test_the_published_errors_are_found_closer_where_their_program_took_the_curvature() -> None:
    """That is at theta + 0.0001 * max(theta, 1). Seen failing at theta itself, and at theta - 0.0001."""
    theta = column(ROWS, "exp_ml")
    likelihood = Likelihood(BANK, categories_of(BANK, ANSWERS))
    _slope, information = likelihood.at(np.arange(len(ROWS)), theta + 1e-4 * np.maximum(theta, 1.0))
    np.testing.assert_allclose(1 / np.sqrt(information), column(ROWS, "exp_ml_se"), rtol=0, atol=1e-7)
