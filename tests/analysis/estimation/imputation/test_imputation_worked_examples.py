"""The numbers of docs/methods/multiple-imputation.md, computed."""

import numpy as np
import pytest

from analysis.estimation.estimates import Estimates
from analysis.estimation.imputation import Pooled, imputations_needed, joint_test, pool
from analysis.estimation.imputation.linear import matched

# As many digits as the page gives.
SHOWN = 5e-4


def breadth() -> Pooled:
    each = [
        Estimates(("breadth",), np.array([estimate]), np.array([[variance]]), 30.0)
        for estimate, variance in ((0.50, 0.040), (0.62, 0.044), (0.56, 0.042))
    ]
    return pool(each)


def test_the_pooled_coefficient_of_the_page() -> None:
    pooled = breadth()

    assert pooled.coefficients == pytest.approx([0.56])
    assert pooled.within == pytest.approx(0.042)
    assert pooled.between == pytest.approx(0.0036)
    assert pooled.covariance == pytest.approx(0.0468)
    assert pooled.estimates.std_errors == pytest.approx([0.216], abs=SHOWN)
    assert pooled.relative_increase == pytest.approx([0.114], abs=SHOWN)
    assert pooled.missing_share == pytest.approx([0.1026], abs=SHOWN)
    assert pooled.residual_df == pytest.approx([22.3], abs=0.05)
    assert pooled.missing_information == pytest.approx([0.173], abs=SHOWN)
    assert pooled.estimates.intervals()[0] == pytest.approx([0.112, 1.008], abs=SHOWN)


def test_the_old_degrees_of_freedom_of_the_page() -> None:
    pooled = breadth()

    old = Pooled(("breadth",), pooled.coefficients, pooled.within, pooled.between, 3, np.inf)

    assert old.residual_df == pytest.approx([190.1], abs=0.05)


def test_the_imputations_that_the_page_asks_for() -> None:
    assert "at least 18." in breadth().notes[1].replace("Use at", "at")
    assert imputations_needed(breadth()) == 53


def test_the_joint_test_of_the_page() -> None:
    each = [
        Estimates(("local", "global"), np.array([local, world]), np.diag([0.04, 0.09]), np.inf)
        for local, world in ((0.5, 0.2), (0.6, 0.4), (0.4, 0.6))
    ]

    test = joint_test(pool(each), ["local", "global"])

    assert test.relative_increase == pytest.approx(0.463, abs=SHOWN)
    assert test.statistic == pytest.approx(2.744, abs=SHOWN)
    assert test.denominator_df == pytest.approx(29.96, abs=0.005)
    assert test.p_value == pytest.approx(0.081, abs=SHOWN)


def test_the_donors_of_the_page() -> None:
    fitted = np.array([1.0, 1.4, 2.0, 2.1, 3.0])

    found = matched(fitted, np.full(900, 1.9), 3, np.ones(5), np.random.default_rng(0))

    assert set(found) == {1, 2, 3}
