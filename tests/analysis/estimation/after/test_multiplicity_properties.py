"""Known values and properties of tests read together."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.after.multiplicity import adjusted, bootstrapped, max_t, romano_wolf
from analysis.estimation.after.wald import (
    contrasts,
)
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import estimate
from analysis.estimation.replicates import ReplicateWeights
from tests.analysis.estimation.after.made import made
from tests.analysis.estimation.small import plain

ROUNDING = 1e-10


def test_adjusted_p_values_stand_in_the_order_of_their_tests() -> None:
    found = adjusted(["x", "y", "z"], np.array([0.5, 0.01, 0.02]), "holm")

    assert found.adjusted == pytest.approx([0.5, 0.03, 0.04])


def test_romano_wolf_gains_on_holm_where_tests_are_alike() -> None:
    random = np.random.default_rng(1)
    common = random.normal(size=(999, 1))
    estimates = Estimates(("a", "b", "c"), np.array([2.3, 2.2, 2.1]), np.ones((3, 3)), np.inf)
    replicates = estimates.coefficients + common + 0.01 * random.normal(size=(999, 3))

    found = romano_wolf(estimates, replicates)

    holm = adjusted(estimates.terms, found.p_values, "holm")
    assert np.all(found.adjusted < holm.adjusted)
    assert np.all(np.diff(found.adjusted) >= 0)


def test_failed_replicates_are_counted() -> None:
    random = np.random.default_rng(2)
    estimates = Estimates(("a", "b"), np.array([2.0, 1.0]), np.eye(2), np.inf)
    replicates = random.normal(size=(200, 2)) + estimates.coefficients
    replicates[:7, 1] = np.nan

    found = romano_wolf(estimates, replicates)

    assert (found.draws, found.notes) == (193, ("7 of 200 replicates could not be estimated.",))


def test_the_bootstrap_of_a_model_comes_near_its_normal_approximation() -> None:
    random = np.random.default_rng(3)
    n, R = 200, 300
    x, z = random.normal(size=n), random.normal(size=n)
    drawn = random.multinomial(n, np.full(n, 1 / n), R).T.astype(float)
    replicates = ReplicateWeights(drawn, 1 / R, np.ones(R), method="bootstrap")

    model = estimate(
        y=0.2 * x + 0.15 * z + random.normal(size=n),
        X=plain(x=x, z=z),
        estimator="linear",
        covariance="replicate",
        design=survey_design(count=n).with_replicates(replicates),
        domain=np.ones(n, dtype=bool),
    )
    family, estimates = bootstrapped(model, ("z", "x"))

    assert estimates.std(axis=0) == pytest.approx(family.std_errors, rel=1e-8)
    assert romano_wolf(family, estimates).adjusted == pytest.approx(
        max_t(family, step="down").adjusted, abs=0.03
    )


def test_max_t_takes_all_pairwise_differences_though_they_are_singular() -> None:
    estimates = contrasts(
        Estimates(("a", "b", "c"), np.array([2.5, 0.0, 0.3]), np.eye(3), 12),
        {"a - b": "a - b", "a - c": "a - c", "b - c": "b - c"},
    )

    found = max_t(estimates)

    # Tukey's studentised range, of means with variance one.
    expected = stats.studentized_range.sf(np.sqrt(2) * np.abs(estimates.statistics), 3, 12)
    assert found.adjusted == pytest.approx(expected, abs=2e-4)


def test_max_t_is_between_its_own_p_value_and_bonferroni() -> None:
    estimates = made(11, 5)

    single, down = max_t(estimates), max_t(estimates, step="down")

    assert np.all(single.adjusted >= single.p_values - ROUNDING)
    assert np.all(single.adjusted <= np.minimum(1, 5 * single.p_values) + 1e-4)
    assert np.all(down.adjusted <= single.adjusted + 1e-4)
