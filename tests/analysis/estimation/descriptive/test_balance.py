"""Tests of equal means and standardised differences by hand."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.descriptive import means
from analysis.estimation.descriptive.balance import (
    equal_means,
    standardised_difference,
    standardised_difference_of_shares,
)
from analysis.estimation.design import survey_design


def scattered(mean, count=20, deviation=10.0):
    """Numbers with exactly this mean and standard deviation."""
    values = np.arange(count, dtype=float)
    return mean + deviation * (values - values.mean()) / values.std(ddof=1)


def test_the_worked_example_of_the_page():
    y = np.concatenate([scattered(30.0), scattered(25.0)])
    groups = np.array(["exporter"] * 20 + ["other"] * 20, dtype=object)

    found = means(y, by=groups, design=survey_design(count=40))
    test = equal_means(found)

    assert standardised_difference(np.array([30.0, 25.0]), np.array([100.0, 100.0])) == 0.5
    assert test.statistic == pytest.approx(25 / (2 * 40 / 39 * 19 * 100 / 400))
    assert (test.numerator_df, test.denominator_df) == (1, 38)
    assert test.p_value == pytest.approx(stats.f.sf(2.5657894736842106, 1, 38))
    assert round(test.p_value, 3) == 0.117


def test_of_several_groups_the_largest_difference_is_told():
    found = standardised_difference(np.array([0.0, 1.0, 4.0]), np.array([1.0, 1.0, 1.0]))

    assert found == 4.0


def test_two_categories_are_as_far_apart_as_a_yes_or_no():
    p, q = 0.3, 0.6

    shares = standardised_difference_of_shares(np.array([[p, 1 - p], [q, 1 - q]]))
    plain = standardised_difference(np.array([p, q]), np.array([p * (1 - p), q * (1 - q)]))

    assert shares == pytest.approx(plain)


def test_a_category_that_nobody_has_changes_nothing():
    without = standardised_difference_of_shares(np.array([[0.3, 0.7], [0.6, 0.4]]))

    found = standardised_difference_of_shares(np.array([[0.3, 0.0, 0.7], [0.6, 0.0, 0.4]]))

    assert found == pytest.approx(without)


@pytest.mark.parametrize(
    ("means_of", "variances", "expected"),
    [([1.0, 1.0], [0.0, 0.0], 0.0), ([1.0, 2.0], [0.0, 0.0], np.inf)],
)
def test_groups_that_are_alike_within(means_of, variances, expected):
    assert standardised_difference(np.array(means_of), np.array(variances)) == expected


def test_one_group_has_no_difference():
    assert np.isnan(standardised_difference(np.array([1.0]), np.array([1.0])))


def test_no_test_where_all_firms_of_a_group_say_the_same():
    y = np.array([1.0, 1.0, 1.0, 2.0, 3.0, 4.0])
    groups = np.array(["a"] * 3 + ["b"] * 3, dtype=object)

    assert equal_means(means(y, by=groups, design=survey_design(count=6))) is None
