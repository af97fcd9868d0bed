"""Ordered models rebuilt from the formula of a probability, firm by firm, and differences."""

from functools import partial
from math import erfc, exp, inf, log, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.likelihood.ordered import (
    ORDERED_LOGIT,
    ORDERED_PROBIT,
    level_curve,
    ordered_derivatives,
)
from analysis.estimation.margins import average_marginal_effects
from tests.analysis.estimation.likelihood.modelled import differenced, modelled, worst_derivative
from tests.analysis.estimation.small import plain

# Of differences of the fourth order with a step of 1e-3.
BY_DIFFERENCES = 1e-9
# Of the second differences of a sum of log-likelihoods.
CURVATURE = 1e-6
DISTRIBUTIONS = {
    "logit": lambda t: 1 / (1 + exp(-t)),
    "probit": lambda t: erfc(-t / sqrt(2)) / 2,
}
ESTIMATORS = {"logit": ORDERED_LOGIT, "probit": ORDERED_PROBIT}
KINDS = pytest.mark.parametrize("kind", ["logit", "probit"])

random = np.random.default_rng(12)
X_VALUES = random.normal(size=120)
Z_VALUES = (random.random(120) < 0.5).astype(float)
LEVELS = np.digitize(X_VALUES - Z_VALUES + random.logistic(size=120), [-1.5, 0.0, 1.0])


def probability(kind: str, theta: np.ndarray, x: float, z: float, level: int) -> float:
    """Of a level from 0 to 3, of slopes of x and z and three cuts."""
    cuts = [-inf, *theta[2:], inf]
    predictor = theta[0] * x + theta[1] * z
    F = DISTRIBUTIONS[kind]
    return F(cuts[level + 1] - predictor) - F(cuts[level] - predictor)


def log_likelihood(kind: str, theta: np.ndarray) -> float:
    firms = zip(X_VALUES, Z_VALUES, LEVELS, strict=True)
    return sum(log(probability(kind, theta, x, z, level)) for x, z, level in firms)


def gradient(function: object, theta: np.ndarray, step: float = 1e-3) -> np.ndarray:
    slopes = []
    for place in range(len(theta)):
        shift = np.zeros(len(theta))
        shift[place] = step
        near = function(theta + shift) - function(theta - shift)  # type: ignore[operator]
        far = function(theta + 2 * shift) - function(theta - 2 * shift)  # type: ignore[operator]
        slopes.append((8 * near - far) / (12 * step))
    return np.array(slopes)


@KINDS
def test_derivatives_are_those_of_the_log_probability(kind: str) -> None:
    eta = np.vstack([random.normal(size=60) * 2, 0.5 + random.random(60), 2 + random.random(60)])
    codes = np.arange(60) % 4

    assert worst_derivative(partial(ordered_derivatives, kind, codes), eta) < BY_DIFFERENCES


@KINDS
@pytest.mark.parametrize("level", range(4))
def test_slopes_and_bends_of_a_probability_are_its_derivatives(kind: str, level: int) -> None:
    eta = np.vstack([random.normal(size=60) * 2, 0.5 + random.random(60), 2 + random.random(60)])
    curve = partial(level_curve, kind, level, 4)

    assert curve(eta).slope == pytest.approx(
        differenced(lambda at: curve(at).value, eta), abs=BY_DIFFERENCES
    )
    assert curve(eta).bend == pytest.approx(
        differenced(lambda at: curve(at).slope, eta), abs=BY_DIFFERENCES
    )


@KINDS
def test_the_summit_and_its_curvature_are_those_of_the_formula(kind: str) -> None:
    y = LEVELS.astype(float)

    model = modelled(ESTIMATORS[kind], y, plain(x=X_VALUES, z=Z_VALUES), covariance="model")

    theta = model.estimates.coefficients
    by_hand = partial(log_likelihood, kind)
    assert model.fitted.solution.log_likelihood == pytest.approx(by_hand(theta), rel=1e-13)
    assert gradient(by_hand, theta) == pytest.approx(np.zeros(5), abs=1e-8)
    information = -gradient(partial(gradient, by_hand), theta)
    assert model.estimates.covariance == pytest.approx(np.linalg.inv(information), rel=CURVATURE)


@KINDS
def test_robust_errors_are_sums_of_squared_scores(kind: str) -> None:
    y = LEVELS.astype(float)
    model = modelled(ESTIMATORS[kind], y, plain(x=X_VALUES, z=Z_VALUES), covariance="HC0")
    theta = model.estimates.coefficients

    bread = np.linalg.inv(-gradient(partial(gradient, partial(log_likelihood, kind)), theta))
    meat = np.zeros((5, 5))
    for x, z, level in zip(X_VALUES, Z_VALUES, LEVELS, strict=True):
        score = gradient(lambda at: log(probability(kind, at, x, z, level)), theta)  # noqa: B023
        meat += np.outer(score, score)

    assert model.estimates.covariance == pytest.approx(bread @ meat @ bread, rel=CURVATURE)


@KINDS
@pytest.mark.parametrize("level", range(4))
def test_marginal_effects_are_averages_of_what_changes(kind: str, level: int) -> None:
    y = LEVELS.astype(float)
    model = modelled(ESTIMATORS[kind], y, plain(x=X_VALUES, z=Z_VALUES), covariance="HC1")
    step = 1e-3

    def by_x(theta: np.ndarray) -> float:
        def average(shift: float) -> float:
            firms = zip(X_VALUES, Z_VALUES, strict=True)
            return sum(probability(kind, theta, x + shift, z, level) for x, z in firms) / 120

        near, far = average(step) - average(-step), average(2 * step) - average(-2 * step)
        return (8 * near - far) / (12 * step)

    def by_z(theta: np.ndarray) -> float:
        changes = [
            probability(kind, theta, x, 1, level) - probability(kind, theta, x, 0, level)
            for x in X_VALUES
        ]
        return sum(changes) / 120

    effects = average_marginal_effects(model.margins(f"probability[{level}]"))

    theta = model.estimates.coefficients
    jacobian = np.array([gradient(by_x, theta), gradient(by_z, theta)])
    assert effects is not None
    assert effects.coefficients == pytest.approx([by_x(theta), by_z(theta)], abs=1e-11)
    assert effects.covariance == pytest.approx(
        jacobian @ model.estimates.covariance @ jacobian.T, rel=1e-6
    )


@pytest.mark.parametrize("mean", [-30.0, 30.0])
def test_probabilities_far_out_keep_their_digits(mean: float) -> None:
    eta = np.array([[mean], [1.0]])
    codes = np.array([1])

    probit = ordered_derivatives("probit", codes, eta)
    logit = ordered_derivatives("logit", codes, eta)

    # Between 0 and 1 less the mean: of the nearer end, but for its ratio to the farther.
    near = min(abs(0 - mean), abs(1 - mean))
    tail = stats.norm.logsf(near)
    assert probit.log_density[0] == pytest.approx(
        tail + np.log1p(-np.exp(stats.norm.logsf(near + 1) - tail)), rel=1e-12
    )
    assert logit.log_density[0] == pytest.approx(-near + np.log1p(-np.exp(-1)), rel=1e-12)
    assert np.isfinite(probit.hessian).all()
    assert np.isfinite(logit.hessian).all()
