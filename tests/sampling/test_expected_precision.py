"""Expected coefficients of variation, against other programs, enumeration and simulation."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import AllocationRefused
from surveys.sampling.allocation import (
    deviation_of_share,
    effective_size,
    effective_size_of,
    expected_cvs,
    expected_variance,
    from_strata,
    limits,
    mean_of,
    neyman,
    total_of,
)

# Output that the R package stratification keeps beside its examples: N_h, mean, variance (divisor
# N_h), n_h and the expected CV of designs for populations of Cochran (1961) and Särndal et al.
R_DESIGNS = {
    "Debtors, geometric": (
        [1054, 1267, 732, 265, 51],
        [83.60, 307.76, 1008.41, 3702.59, 12313.39],
        [997.12, 14063.78, 163709.80, 1917482.45, 25748882.16],
        [3, 14, 27, 33, 23],
        0.03585596,
    ),
    "US cities, cumulative root frequency": (
        [393, 336, 165, 94, 50],
        [14.54, 24.02, 38.21, 70.90, 141.16],
        [8.26, 6.30, 44.48, 137.07, 947.29],
        [20, 15, 19, 19, 27],
        0.01488882,
    ),
    "MU284, Lavallée-Hidiroglou": (
        [192, 77, 15],
        [1430.61, 4671.08, 16177.80],
        [386995.4, 2234936.7, 189197136.0],
        [13, 13, 15],
        0.04931156,
    ),
    "US banks, Lavallée-Hidiroglou": (
        [70, 68, 85, 71, 63],
        [84.84, 114.40, 149.91, 251.83, 574.73],
        [81.79, 87.71, 252.96, 2179.66, 36236.80],
        [4, 4, 9, 21, 63],
        0.01067923,
    ),
}


@pytest.mark.parametrize("name", R_DESIGNS)
def test_cvs_as_the_r_package_stratification(name):
    size, mean, variance, drawn, cv = R_DESIGNS[name]
    of = from_strata(population=size, mean=mean, deviation=np.sqrt(variance), variable="x")

    assert expected_cvs([of], size, drawn)[0] == pytest.approx(cv, rel=2e-4)


@pytest.mark.parametrize("name", ["Debtors, geometric", "US cities, cumulative root frequency"])
def test_neyman_as_the_r_package_stratification(name):
    size, _, variance, drawn, _ = R_DESIGNS[name]

    found = neyman(limits(size), total=100, deviations=np.sqrt(variance)).drawn

    assert np.abs(found - np.array(drawn)).max() <= 1


def test_cvs_by_domain_as_surveyplanning():
    size, drawn = np.array([800, 1200, 1500, 300]), [100, 150, 200, 60]
    mean = np.array([4000, 9000, 12000, 900]) / size
    shared = {"population": size, "mean": mean, "deviation": [3, 4, 5, 2], "variable": "y"}
    estimands = [
        from_strata(**shared, inside=[True, True, False, False], domain="N"),
        from_strata(**shared, inside=[False, False, True, True], domain="S"),
        from_strata(**shared),
    ]

    found = expected_cvs(estimands, size, drawn) * 100

    assert found == pytest.approx([3.306798, 3.864712, 2.541673], rel=1e-6)


def every_sample(stratum, drawn):
    """All samples of that allocation, as arrays of positions."""
    parts = [
        itertools.combinations(np.flatnonzero(stratum == h), number)
        for h, number in enumerate(drawn)
    ]
    return [np.concatenate(sample) for sample in itertools.product(*map(list, parts))]


FIRMS = np.array([3.0, 8, 1, 5, 20, 31, 24, 60, 44])
STRATUM = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2])
NORTH = np.array([True, False, True, False, True, True, False, False, True])


def test_the_variance_of_a_total_over_every_sample_there_is():
    drawn = np.array([2, 2, 1])
    weight = (np.bincount(STRATUM) / drawn)[STRATUM]
    totals = [float((weight * FIRMS)[s].sum()) for s in every_sample(STRATUM, drawn)]

    of = total_of(FIRMS, STRATUM, variable="turnover", strata=3)

    assert expected_variance(of, [4, 3, 2], drawn) == pytest.approx(np.var(totals))
    assert of.value == pytest.approx(np.mean(totals))


def test_the_variance_of_a_domain_total_that_cuts_across_strata():
    drawn = np.array([2, 2, 1])
    weight = (np.bincount(STRATUM) / drawn)[STRATUM] * NORTH
    totals = [float((weight * FIRMS)[s].sum()) for s in every_sample(STRATUM, drawn)]

    of = total_of(FIRMS, STRATUM, variable="turnover", strata=3, inside=NORTH, domain="north")

    assert expected_variance(of, [4, 3, 2], drawn) == pytest.approx(np.var(totals))


def test_the_cv_of_a_share_in_a_domain_by_simulation():
    chance = np.random.default_rng(11)
    stratum = np.repeat([0, 1, 2], [3000, 1500, 500])
    inside = chance.random(5000) < np.array([0.2, 0.5, 0.7])[stratum]
    yes = (chance.random(5000) < np.array([0.6, 0.8, 0.9])[stratum]).astype(float)
    drawn = np.array([300, 300, 200])
    of = mean_of(yes, stratum, variable="innovators", strata=3, inside=inside, domain="north")

    shares = []
    for _ in range(4000):
        sample = np.concatenate(
            [
                chance.choice(np.flatnonzero(stratum == h), n, replace=False)
                for h, n in enumerate(drawn)
            ]
        )
        weight = (np.bincount(stratum) / drawn)[stratum[sample]] * inside[sample]
        shares.append(weight @ yes[sample] / weight.sum())

    # 4,000 draws know a standard deviation to 1.1 %; the linearisation adds less than 1 %.
    cv = np.std(shares) / yes[inside].mean()
    assert expected_cvs([of], np.bincount(stratum), drawn)[0] == pytest.approx(cv, rel=0.04)


def test_nonresponse_widens_a_cv_as_if_fewer_had_been_drawn():
    of = from_strata(population=[500], mean=[3.0], deviation=[2.0], variable="y")

    half = expected_cvs([of], [500], [100], response_rate=0.5)

    assert half == pytest.approx(expected_cvs([of], [500], [50]))


def test_a_share_has_the_deviation_of_its_ones_and_noughts():
    values = np.repeat([1.0, 0.0], [30, 70])

    assert deviation_of_share(0.3, 100) == pytest.approx(np.std(values, ddof=1))


def test_a_whole_enumeration_has_no_sampling_error_and_an_empty_stratum_no_estimate():
    of = total_of(FIRMS, STRATUM, variable="turnover", strata=3)

    assert expected_cvs([of], [4, 3, 2], [4, 3, 2])[0] == pytest.approx(0, abs=1e-7)
    assert expected_cvs([of], [4, 3, 2], [4, 3, 0])[0] == np.inf


def test_what_is_zero_has_no_cv():
    of = total_of(FIRMS - FIRMS.mean(), STRATUM, variable="balance", strata=3)
    nothing = total_of(FIRMS * 0, STRATUM, variable="nothing", strata=3)

    assert np.isnan(expected_cvs([nothing], [4, 3, 2], [2, 2, 1])[0])
    assert abs(of.value) < 1e-9


def test_kishs_effective_size_by_hand():
    # Weights 1, 1, 1, 1, 5: 81 / 29.
    assert effective_size([1, 1, 1, 1, 5]) == pytest.approx(81 / 29)


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=50))
def test_the_effective_size_lies_between_one_and_the_sample(weights):
    assert 1 - 1e-9 <= effective_size(weights) <= len(weights) + 1e-9


def test_the_effective_size_of_an_allocation_is_that_of_its_weights():
    weight = np.repeat([1000 / 40, 100 / 40, 1.0], [40, 40, 10])

    assert effective_size_of([1000, 100, 10], [40, 40, 10]) == pytest.approx(effective_size(weight))
    assert effective_size_of([500, 100], [50, 0]) == pytest.approx(50)


def test_a_domain_without_a_firm_or_a_stratum_without_one_is_refused():
    with pytest.raises(AllocationRefused, match="No firm of the frame is in the domain moon"):
        mean_of(FIRMS, STRATUM, variable="y", strata=3, inside=FIRMS < 0, domain="moon")
    with pytest.raises(AllocationRefused, match="without gaps"):
        total_of(FIRMS, STRATUM, variable="y", strata=4)
