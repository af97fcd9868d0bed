"""Tobit and interval regression rebuilt from densities, firm by firm, and differences."""

from functools import partial
from math import erfc, inf, log, pi, sqrt

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.estimation.likelihood.censored import (
    TOBIT,
    expected_outcome,
    expected_within,
    within_limits,
)
from analysis.estimation.likelihood.interval import INTERVAL_REGRESSION
from analysis.estimation.likelihood.normal_limits import Known, normal_derivatives
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from tests.analysis.estimation.likelihood.modelled import differenced, modelled, worst_derivative
from tests.analysis.estimation.small import plain

# Of differences of the fourth order with a step of 1e-3, of numbers of the size of ten.
BY_DIFFERENCES = 1e-8
# Of the second differences of a sum of log-likelihoods.
CURVATURE = 1e-6
LIMITS = [(0.0, 1.5), (-inf, 1.0), (0.0, inf)]

random = np.random.default_rng(14)
X_VALUES = random.normal(size=120)
LATENT = 0.4 + 0.5 * X_VALUES + 0.6 * random.normal(size=120)
SHARE = np.clip(LATENT, 0, 1)
ETA = np.vstack([random.normal(size=60), 0.3 * random.normal(size=60)])


def log_likelihood(lower: np.ndarray, upper: np.ndarray, theta: np.ndarray) -> float:
    """Of intercept, slope and log sigma; what is known exactly has both limits the same."""
    sigma, total = np.exp(theta[2]), 0.0
    for low, high, x in zip(lower, upper, X_VALUES, strict=True):
        mean = theta[0] + theta[1] * x
        if low == high:
            total += -0.5 * ((low - mean) / sigma) ** 2 - log(sigma * sqrt(2 * pi))
        else:
            above, below = (high - mean) / sigma, (low - mean) / sigma
            total += log((erfc(-above / sqrt(2)) - erfc(-below / sqrt(2))) / 2)
    return total


def gradient(function: object, theta: np.ndarray, step: float = 1e-3) -> np.ndarray:
    slopes = []
    for place in range(len(theta)):
        shift = np.zeros(len(theta))
        shift[place] = step
        near = function(theta + shift) - function(theta - shift)  # type: ignore[operator]
        far = function(theta + 2 * shift) - function(theta - 2 * shift)  # type: ignore[operator]
        slopes.append((8 * near - far) / (12 * step))
    return np.array(slopes)


def test_derivatives_are_those_of_densities_and_probabilities() -> None:
    kind = np.arange(60) % 4
    known = Known(
        lower=np.select([kind == 0, kind == 1], [-inf, 0.2], 0.5),
        upper=np.select([kind == 1, kind == 3], [0.2, inf], 1.5),
        certain="",
    )

    assert worst_derivative(partial(normal_derivatives, known), ETA) < BY_DIFFERENCES


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("function", [expected_outcome, within_limits, expected_within])
def test_slopes_and_bends_of_predictions_are_their_derivatives(
    function: object, limits: tuple[float, float]
) -> None:
    curve = partial(function, *limits)  # type: ignore[arg-type, call-arg]

    assert curve(ETA).slope == pytest.approx(
        differenced(lambda at: curve(at).value, ETA), abs=BY_DIFFERENCES
    )
    assert curve(ETA).bend == pytest.approx(
        differenced(lambda at: curve(at).slope, ETA), abs=10 * BY_DIFFERENCES
    )


@pytest.mark.parametrize("limits", LIMITS)
def test_the_expected_outcome_is_the_integral_of_the_clipped_latent_one(
    limits: tuple[float, float],
) -> None:
    mean, log_sigma = 0.7, -0.2
    sigma = np.exp(log_sigma)

    low, high = max(limits[0], mean - 12 * sigma), min(limits[1], mean + 12 * sigma)
    inside, _ = integrate.quad(lambda y: y * stats.norm.pdf(y, mean, sigma), low, high)
    at_limits = sum(
        limit * probability
        for limit, probability in (
            (limits[0], stats.norm.cdf(limits[0], mean, sigma)),
            (limits[1], stats.norm.sf(limits[1], mean, sigma)),
        )
        if np.isfinite(limit)
    )

    found = expected_outcome(*limits, np.array([[mean], [log_sigma]])).value

    assert found == pytest.approx([inside + at_limits], rel=1e-10)


@pytest.mark.parametrize("name", ["tobit", "interval_regression"])
def test_the_summit_and_its_curvature_are_those_of_the_formula(name: str) -> None:
    if name == "tobit":
        lower, upper = np.where(SHARE == 0, -inf, SHARE), np.where(SHARE == 1, inf, SHARE)
        parts = Parts(numbers={"lower": 0.0, "upper": 1.0})
        model = modelled(TOBIT, SHARE, plain(x=X_VALUES), covariance="model", parts=parts)
    else:
        lower, upper = np.floor(2 * LATENT) / 2, np.floor(2 * LATENT) / 2 + 0.5
        parts = Parts(outcomes={"upper": upper})
        model = modelled(
            INTERVAL_REGRESSION, lower, plain(x=X_VALUES), covariance="model", parts=parts
        )

    theta = model.estimates.coefficients
    by_hand = partial(log_likelihood, lower, upper)
    assert model.fitted.solution.log_likelihood == pytest.approx(by_hand(theta), rel=1e-12)
    assert gradient(by_hand, theta) == pytest.approx(np.zeros(3), abs=1e-8)
    information = -gradient(partial(gradient, by_hand), theta)
    assert model.estimates.covariance == pytest.approx(np.linalg.inv(information), rel=CURVATURE)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("expected", expected_outcome),
        ("probability_uncensored", within_limits),
        ("expected_uncensored", expected_within),
    ],
)
def test_marginal_effects_and_their_errors_follow_from_differences(
    name: str, function: object
) -> None:
    parts = Parts(numbers={"lower": 0.0, "upper": 1.0})
    model = modelled(TOBIT, SHARE, plain(x=X_VALUES), parts=parts)
    step = 1e-3

    def by_x(theta: np.ndarray) -> float:
        def average(shift: float) -> float:
            mean = theta[0] + theta[1] * (X_VALUES + shift)
            eta = np.vstack([mean, np.full(120, theta[2])])
            return float(np.mean(function(0.0, 1.0, eta).value))  # type: ignore[operator]

        near, far = average(step) - average(-step), average(2 * step) - average(-2 * step)
        return (8 * near - far) / (12 * step)

    effects = average_marginal_effects(model.margins(name))

    theta = model.estimates.coefficients
    jacobian = gradient(by_x, theta)
    assert effects is not None
    assert effects.coefficients == pytest.approx([by_x(theta)], rel=1e-8)
    assert effects.covariance[0, 0] == pytest.approx(
        jacobian @ model.estimates.covariance @ jacobian, rel=1e-6
    )
