"""The numbers of the worked examples in docs/methods, computed."""

import numpy as np
import pytest

from analysis.estimation.descriptive import (
    change,
    cross_tabulation,
    differences,
    means,
    quantiles,
    ratios,
    shares,
    totals,
    variances,
)
from analysis.estimation.design import survey_design

# As the pages round them.
PRINTED = 5e-4


def test_the_six_firms_of_totals_and_means() -> None:
    y, d = np.array([3.0, 5, 4, 10, 14, 9]), np.array([1.0, 2, 1, 4, 4, 2])
    count = np.array([12.0, 12, 12, 3, 3, 3])
    design = survey_design(count=6, weight=count / 3, stratum=list("aaabbb"), population=count)

    total, mean = (function(y, design=design) for function in (totals, means))
    ratio = ratios(y, d, design=design).estimates

    assert total.estimates.coefficients == pytest.approx([81])
    assert total.estimates.covariance == pytest.approx(np.array([[36]]))
    assert mean.estimates.coefficients == pytest.approx([5.4])
    assert mean.estimates.covariance == pytest.approx(np.array([[0.16]]))
    assert ratio.coefficients == pytest.approx([81 / 26])
    assert ratio.covariance[0, 0] == pytest.approx(0.0596, abs=PRINTED / 10)
    assert mean.effects.effective_n == pytest.approx([225 / 51])
    assert mean.effects.kish == pytest.approx([1.36])


def test_the_variance_of_one_to_five() -> None:
    found = variances(np.arange(1.0, 6), design=survey_design(count=5)).estimates

    assert found.coefficients == pytest.approx([2.5])
    assert found.covariance[0, 0] == pytest.approx((3 * 2.5**2 + 2 * 1.25**2) / 20)


@pytest.mark.parametrize(
    ("interval", "limits"),
    [
        ("wald", [0.0315, 0.3685]),
        ("logit", [0.0802, 0.4175]),
        ("korn_graubard", [0.0663, 0.4122]),
    ],
)
def test_five_of_twenty_five_firms(interval: str, limits: list[float]) -> None:
    yes = np.repeat([1.0, 0.0], [5, 20])

    found = shares(yes, design=survey_design(count=25), interval=interval)

    assert found.estimates.covariance[0, 0] == pytest.approx(0.16 / 24)
    assert found.intervals[0] == pytest.approx(limits, abs=PRINTED / 5)


def test_none_of_twenty_five_firms() -> None:
    found = shares(np.zeros(25), design=survey_design(count=25), interval="korn_graubard")

    assert found.intervals[0] == pytest.approx([0, 0.137], abs=PRINTED)


def test_the_median_of_one_to_twenty_five() -> None:
    found = quantiles(np.arange(1.0, 26), 0.5, design=survey_design(count=25))

    assert found.estimates.coefficients[0] == 13
    assert list(found.intervals[0]) == [8, 19]
    assert found.estimates.std_errors[0] == pytest.approx(2.66, abs=0.005)


def test_the_forty_firms_of_cross_tabulations() -> None:
    kind = np.repeat(["a", "b"], 20)
    says = np.array(["u"] * 12 + ["v"] * 8 + ["u"] * 6 + ["v"] * 14)

    alone = cross_tabulation(kind, says, design=survey_design(count=40))
    paired = cross_tabulation(
        kind, says, design=survey_design(count=40, cluster=np.arange(40) // 2)
    )

    test, in_pairs = alone.tests["pearson_f"], paired.tests["pearson_f"]
    assert test.statistic == pytest.approx(3.6363636 * 39 / 40)
    assert (test.numerator_df, test.denominator_df) == pytest.approx((1, 39))
    assert test.p_value == pytest.approx(0.067, abs=PRINTED)
    assert in_pairs.statistic == pytest.approx(3.6363636 * 19 / 40)
    assert in_pairs.denominator_df == pytest.approx(19)
    assert in_pairs.p_value == pytest.approx(0.204, abs=PRINTED)
    assert alone.cell(alone.row_shares)[0, 0] == pytest.approx(0.6)
    assert alone.row_shares.estimates.std_errors[0] == pytest.approx(np.sqrt(0.24 / 19.5))
    assert paired.row_shares.estimates.std_errors[0] == pytest.approx(0.159, abs=PRINTED)


def test_the_three_clusters_of_comparisons() -> None:
    y, kind = np.array([2.0, 4, 6, 5, 7, 9]), np.array(list("ababab"))

    groups = means(y, by=kind, design=survey_design(count=6, cluster=[1, 1, 2, 2, 3, 3]))
    found = differences(groups).estimates

    assert groups.estimates.coefficients == pytest.approx([5, 6])
    assert groups.estimates.covariance == pytest.approx(
        np.array([[7 / 3, 11 / 6], [11 / 6, 7 / 3]])
    )
    assert found.coefficients == pytest.approx([1])
    assert found.covariance == pytest.approx(np.array([[1]]))


def test_the_two_waves_of_comparisons() -> None:
    waves = [
        means(np.array(y), design=survey_design(count=4)) for y in ([2.0, 4, 6, 8], [9.0, 11, 5, 7])
    ]

    found = change(waves[0], waves[1], (list("abcd"), list("cdef")))

    assert found.units == (4, 4, 2)
    assert found.comparison.estimates.coefficients == pytest.approx([3])
    assert found.comparison.estimates.covariance == pytest.approx(np.array([[5 / 3]]))
    assert found.correlation == pytest.approx([0.5])
