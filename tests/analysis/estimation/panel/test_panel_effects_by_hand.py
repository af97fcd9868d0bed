"""Average marginal effects beside unit means, put together again by loops."""

from math import erf

import numpy as np
import pytest

from analysis.estimation.estimates import Floats
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.panel.correlated_random_effects import CORRELATED_RANDOM_EFFECTS
from tests.analysis.estimation.panel.small_panel import X, gradient, on_panel, panel

# Rounding of sums over 500 rows.
EXACT = 1e-9


def test_the_average_effect_of_yes_in_a_correlated_probit_leaves_the_means_as_they_are() -> None:
    data = panel()
    means = data.groupby("firm")[list(X)].transform("mean").to_numpy()
    A = np.column_stack([np.ones(len(data)), data[list(X)], means])

    model = on_panel(CORRELATED_RANDOM_EFFECTS, "innovator", X, words={"response": "probit"})

    def average(b: Floats) -> float:
        total = 0.0
        for row in A:
            yes, no = row.copy(), row.copy()
            yes[3], no[3] = 1.0, 0.0
            total += erf(yes @ b / np.sqrt(2)) / 2 - erf(no @ b / np.sqrt(2)) / 2
        return total / len(A)

    effects = average_marginal_effects(model.margins())
    assert effects is not None
    assert effects.terms == X
    beta = model.estimates.coefficients
    assert effects.coefficients[2] == pytest.approx(average(beta), rel=EXACT)
    slope = gradient(average, beta)
    variance = slope @ model.estimates.covariance @ slope
    assert effects.covariance[2, 2] == pytest.approx(variance, rel=1e-7)


def test_the_average_effects_of_a_correlated_probit_leave_the_means_as_they_are() -> None:
    data = panel()
    means = data.groupby("firm")[["networking", "size"]].transform("mean").to_numpy()
    A = np.column_stack([np.ones(len(data)), data[["networking", "size"]], means])

    model = on_panel(
        CORRELATED_RANDOM_EFFECTS, "innovator", ("networking", "size"), words={"response": "probit"}
    )

    beta = model.estimates.coefficients
    density = np.exp(-((A @ beta) ** 2) / 2) / np.sqrt(2 * np.pi)
    expected = [density.mean() * beta[1], density.mean() * beta[2]]
    effects = average_marginal_effects(model.margins())
    assert effects is not None
    np.testing.assert_allclose(effects.coefficients, expected, rtol=EXACT)

    def averages(b: Floats) -> Floats:
        slope = (np.exp(-((A @ b) ** 2) / 2) / np.sqrt(2 * np.pi)).mean()
        return np.array([slope * b[1], slope * b[2]])

    jacobian = np.array([gradient(lambda b, j=j: averages(b)[j], beta) for j in range(2)])
    V = jacobian @ model.estimates.covariance @ jacobian.T
    np.testing.assert_allclose(effects.covariance, V, rtol=1e-7)
