"""Allocations that textbooks and other programs publish."""

import numpy as np
import pytest

from surveys.sampling.allocation import (
    equal,
    expected_variance,
    from_strata,
    limits,
    neyman,
    optimal,
    power,
    proportional,
)
from surveys.sampling.allocation.least_cost import least_cost
from surveys.sampling.allocation.spreading import spread

# Cochran (1977), section 5.5: inhabitants of 64 cities in 1930, in thousands; 24 are drawn.
CITIES = np.array([16, 48])
CITY_VARIANCES = np.array([53_843.0, 5_581.0])


def total_of_cities():
    return from_strata(
        population=CITIES, mean=[1, 1], deviation=np.sqrt(CITY_VARIANCES), variable="inhabitants"
    )


def test_cochrans_cities_under_proportional_allocation():
    result = proportional(limits(CITIES), total=24)

    assert result.drawn.tolist() == [6, 18]
    assert expected_variance(total_of_cities(), CITIES, result.drawn) == pytest.approx(
        1_882_293, abs=1
    )


def test_cochrans_cities_under_optimum_allocation():
    result = neyman(limits(CITIES), total=24, deviations=np.sqrt(CITY_VARIANCES))

    assert result.drawn.tolist() == [12, 12]
    assert expected_variance(total_of_cities(), CITIES, result.drawn) == pytest.approx(
        1_090_827, abs=1
    )


# The package surveyplanning of the Latvian statistical office, function optsize.
LATVIAN = {"deviations": [3, 4, 5, 2], "total": 600}


def test_neyman_as_surveyplanning():
    result = neyman(limits([800, 1200, 1500, 300]), **LATVIAN)

    assert result.exact == pytest.approx([94.11765, 188.23529, 294.11765, 23.52941], abs=1e-5)


def test_neyman_with_a_take_all_stratum_as_surveyplanning():
    bounds = limits([800, 1200, 1500, 300], take_all=[False, False, False, True])

    result = neyman(bounds, **LATVIAN)

    assert result.exact == pytest.approx([48.97959, 97.95918, 153.06122, 300], abs=1e-5)
    assert result.drawn.tolist() == [49, 98, 153, 300]
    assert result.take_all.tolist() == [False, False, False, True]


# The vignette of the R package stratallo (Wesołowski, Wieczorkowski & Wójciak).
STRATALLO = (np.array([3000, 4000, 5000, 2000]), np.array([48.0, 179, 176, 16]))


@pytest.mark.parametrize(
    ("lower", "upper", "total", "expected"),
    [
        ([0, 0, 0, 0], [100, 90, 70, 80], 190, [24.545455, 90, 70, 5.454545]),
        ([100, 90, 500, 50], [300, 400, 800, 90], 1284, [117.2812, 400, 716.7188, 50]),
    ],
)
def test_neyman_between_bounds_as_stratallo(lower, upper, total, expected):
    size, deviation = STRATALLO

    found = spread(size * deviation, np.array(lower), np.array(upper), total)

    assert found == pytest.approx(expected, abs=1e-4)


def test_the_variance_between_bounds_as_stratallo():
    size, deviation = STRATALLO
    bounds = limits(size, minimum=[100, 90, 500, 50], maximum=[300, 400, 800, 90])

    exact = neyman(bounds, total=1284, deviations=deviation).exact

    total = from_strata(population=size, mean=np.ones(4), deviation=deviation, variable="y")
    assert expected_variance(total, size, exact) == pytest.approx(2_268_937_372, abs=1)


def test_least_cost_for_a_variance_as_stratallo():
    a, price = np.array([3000.0, 4000, 5000, 2000]), np.array([0.5, 0.6, 0.6, 0.3])
    constraint = (a**2 / (1e6 + 70_000))[None]

    found = least_cost(constraint, price, np.full(4, 1e-6), np.array([100.0, 90, 70, 80]))

    assert found.numbers == pytest.approx([40.39682, 49.16944, 61.46181, 34.76805], abs=1e-5)


def test_costs_shift_the_sample_to_cheap_strata():
    result = optimal(limits([1000, 1000]), budget=600, deviations=[6.0, 6.0], cost=[4.0, 9.0])

    # By hand: N S / sqrt(c) is 3,000 and 2,000; 4 · 3 f + 9 · 2 f = 600, so f = 20.
    assert result.exact == pytest.approx([60, 40])
    assert result.drawn.tolist() == [60, 40]


def test_power_allocation_by_hand():
    # X^0.5 C: 10 · 1, 20 · 1, 30 · 2.
    result = power(
        limits([100, 400, 900]), total=90, exponent=0.5, size=[100, 400, 900], variation=[1, 1, 2]
    )

    assert result.drawn.tolist() == [10, 20, 60]


def test_power_one_on_totals_is_neyman():
    size, mean, deviation = np.array([50, 300, 900]), np.array([80.0, 9, 2]), np.array([30.0, 5, 3])

    by_power = power(
        limits(size), total=90, exponent=1, size=size * mean, variation=deviation / mean
    )

    assert by_power.exact == pytest.approx(
        neyman(limits(size), total=90, deviations=deviation).exact
    )


def test_equal_allocation_fills_small_strata_and_shares_the_rest():
    result = equal(limits([1000, 100, 10]), total=90)

    assert result.drawn.tolist() == [40, 40, 10]
