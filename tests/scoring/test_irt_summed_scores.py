"""The table from a sum of answers to theta, against the sum over every pattern that gives it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from app.scoring.graded import Bank, log_probabilities
from app.scoring.irt import STANDARD, eap
from app.scoring.summed_scores import summed_scores
from tests.scoring.banks import bank, banks, forty


@settings(max_examples=30)
@given(banks(items=4))
def test_each_sum_weighs_every_pattern_of_answers_that_gives_it(made: Bank) -> None:
    """Seen failing when the prior was left out, and when each category took the likelihood of the next."""
    curves = log_probabilities(made, STANDARD.nodes)
    weights = np.exp(STANDARD.log_weights)
    densities: dict[int, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    for pattern in product(*(range(categories) for categories in made.categories.tolist())):
        likelihood = np.exp(sum(curves[:, column, code] for column, code in enumerate(pattern)))
        densities[sum(pattern)] = densities.get(sum(pattern), 0.0) + weights * likelihood
    means = [(STANDARD.nodes * density).sum() / density.sum() for _, density in sorted(densities.items())]
    squares = [(STANDARD.nodes**2 * density).sum() / density.sum() for _, density in sorted(densities.items())]
    found = summed_scores(made)
    assert sorted(densities) == found.raw.tolist()
    np.testing.assert_allclose(found.theta, means, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found.error, np.sqrt(np.array(squares) - np.square(means)), rtol=0, atol=1e-8)


def test_where_the_sum_tells_all_it_gives_the_theta_of_the_pattern() -> None:
    """Yes-or-no items of one slope (the Rasch model). Seen failing when the items had different slopes."""
    rasch = bank([1.4] * 4, [[-1.0], [0.2], [0.5], [2.0]])
    table, patterns = summed_scores(rasch), list(product([0, 1], repeat=4))
    found = eap(rasch, patterns)
    np.testing.assert_allclose(found.theta, table.theta[[sum(pattern) for pattern in patterns]], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.error, table.error[[sum(pattern) for pattern in patterns]], rtol=0, atol=1e-12)


def test_a_higher_sum_gives_a_higher_theta_also_in_a_long_test() -> None:
    """161 sums of 40 items. Seen failing when the rows of the table were read from the end."""
    found = summed_scores(forty())
    assert list(range(161)) == found.raw.tolist()
    assert (np.diff(found.theta) > 0).all()
    assert np.isfinite(found.error).all()


def test_the_sum_is_that_of_the_codes_in_print() -> None:
    """Seen failing when the lowest code was added once instead of once an item."""
    made = bank([1.0, 2.0, 1.5], [[-1.0, 1.0], [0.0], [-2.0, 0.0, 2.0]])
    printed = summed_scores(made, lowest_code=1)
    assert [3, 4, 5, 6, 7, 8, 9] == printed.raw.tolist()
    np.testing.assert_array_equal(summed_scores(made).theta, printed.theta)


def test_an_item_whose_categories_are_next_to_impossible_still_has_its_sums() -> None:
    """Seen failing when likelihoods were multiplied instead of their logarithms added."""
    found = summed_scores(bank([5.0] * 30, [[90.0]] * 30))
    assert pytest.approx(4.5, abs=0.1) == found.theta[-1]
    assert np.isfinite(found.theta).all()
