"""Bivariate normal probabilities and probits against integrals, identities and an optimiser."""

import numpy as np
import pytest
from scipy import integrate, special, stats
from scipy.optimize import minimize

from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.bivariate import (
    BIVARIATE_PROBIT,
    RECURSIVE_BIVARIATE_PROBIT,
    bivariate_likelihood,
)
from analysis.estimation.likelihood.bivariate_normal import log_bivariate_normal, log_probability
from analysis.estimation.parts import Parts
from tests.analysis.estimation.likelihood.modelled import differenced, modelled, worst_derivative
from tests.analysis.estimation.small import plain

# Of derivatives by differences of the fourth order.
DERIVATIVES = 2e-9
# Relative, wherever the probability lies.
PROBABILITIES = 1e-12
# Of an optimiser without derivatives, and of Hessians by differences.
OPTIMISED = 2e-5


def spread(count: int = 500) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(2)
    return 2 * random.normal(size=count), 2 * random.normal(size=count), random.normal(size=count)


def test_a_quarter_and_the_arc_sine_at_the_origin() -> None:
    rho = np.array([-0.99999, -0.9, -0.5, 0.0, 0.3, 0.89, 0.91, 0.999999])
    nothing = np.zeros(len(rho))

    found = np.exp(log_bivariate_normal(nothing, nothing, rho))

    np.testing.assert_allclose(found, 0.25 + np.arcsin(rho) / (2 * np.pi), rtol=PROBABILITIES)


def test_probabilities_add_up() -> None:
    h, k, turned = spread()
    rho = np.tanh(1.5 * turned)

    both = np.exp(log_bivariate_normal(h, k, rho))
    first_alone = np.exp(log_bivariate_normal(h, -k, -rho))

    np.testing.assert_allclose(both + first_alone, special.ndtr(h), rtol=PROBABILITIES)
    np.testing.assert_allclose(both, np.exp(log_bivariate_normal(k, h, rho)), rtol=PROBABILITIES)


def test_independent_probabilities_multiply_far_out() -> None:
    h, k = np.array([-1.0, -9, -30, 3]), np.array([-2.0, -12, -25, -38])

    found = log_bivariate_normal(h, k, np.zeros(4))

    np.testing.assert_allclose(found, special.log_ndtr(h) + special.log_ndtr(k), rtol=1e-14)


@pytest.mark.parametrize(
    ("h", "k", "rho"),
    [(-6, -7, 0.3), (-8, -2, -0.8), (3, -3.5, -0.99), (-3, -3.1, 0.9999), (-20, -3, 0.5)],
)
def test_tails_keep_their_digits(h: float, k: float, rho: float) -> None:
    rest = np.sqrt(1 - rho**2)

    def log_integrand(x: float) -> float:
        return float(special.log_ndtr((k - rho * x) / rest) - x**2 / 2)

    grid = np.linspace(h - 15, h, 200_001)
    values = special.log_ndtr((k - rho * grid) / rest) - grid**2 / 2
    mode, top = grid[values.argmax()], values.max()
    parts = sorted({min(max(place, h - 14), h - 1e-6) for place in (mode, k / rho, k / rho - rest)})
    whole = integrate.quad(
        lambda x: np.exp(log_integrand(x) - top), h - 15, h, points=parts, epsabs=0, epsrel=1e-12
    )[0]

    found = log_bivariate_normal(*(np.array([float(each)]) for each in (h, k, rho)))[0]

    assert found == pytest.approx(np.log(whole) + top - np.log(2 * np.pi) / 2, rel=1e-12)


def test_derivatives_of_the_probability() -> None:
    h, k, turned = spread()

    found = worst_derivative(lambda eta: log_probability(*eta), np.stack([h, k, 0.7 * turned]))

    assert found < DERIVATIVES


def test_derivatives_of_the_likelihood() -> None:
    random = np.random.default_rng(4)
    first, second = (random.random((2, 500)) < 0.5).astype(float)

    found = worst_derivative(
        lambda eta: bivariate_likelihood(first, second, eta), 0.8 * np.stack(spread())
    )

    assert found < DERIVATIVES


def pair(n: int = 250) -> tuple[Floats, Floats, Floats, Floats]:
    random = np.random.default_rng(6)
    x, z = random.normal(size=n), random.normal(size=n)
    errors = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    second = (0.2 + 0.4 * x + 0.7 * z + errors[:, 1] > 0).astype(float)
    first = (-0.4 + 0.5 * x + 0.7 * second + errors[:, 0] > 0).astype(float)
    return first, second, x, z


def test_the_bivariate_probit_is_that_of_an_optimiser_without_derivatives() -> None:
    first, second, x, z = pair()

    model = modelled(
        BIVARIATE_PROBIT,
        first,
        plain(x=x),
        parts=Parts(outcomes={"second_outcome": second}, matrices={"second": plain(x=x, z=z)}),
        covariance="model",
    )

    X = np.column_stack([np.ones(250), x])
    Z = np.column_stack([X, z])
    nodes, weights = np.polynomial.legendre.leggauss(60)
    signs = np.stack([2 * first - 1, 2 * second - 1])

    def total(theta: Floats) -> float:
        """The density of the first error times the conditional probability of the second."""
        rho = signs[0] * signs[1] * np.tanh(theta[5])
        h, k = signs[0] * (X @ theta[:2]), signs[1] * (Z @ theta[2:5])
        half = (h + 9) / 2
        points = half[:, None] * (1 + nodes) - 9
        inner = (k[:, None] - rho[:, None] * points) / np.sqrt(1 - rho[:, None] ** 2)
        probability = half * ((stats.norm.pdf(points) * stats.norm.cdf(inner)) @ weights)
        return float(np.log(probability).sum())

    theta = model.estimates.coefficients
    # From a start at some distance: line searches from afar leave what doubles can hold.
    best = minimize(lambda t: -total(t), 0.7 * theta, method="BFGS").x
    hessian = differenced(
        lambda t: differenced(lambda s: np.array([total(s[:, 0])]), t)[:, 0], theta[:, None]
    )
    np.testing.assert_allclose(theta, best, rtol=OPTIMISED, atol=OPTIMISED)
    np.testing.assert_allclose(
        model.estimates.covariance, np.linalg.inv(-hessian), rtol=OPTIMISED, atol=1e-7
    )


def test_the_average_treatment_effect_and_its_error_by_differences() -> None:
    first, second, x, z = pair()

    model = modelled(
        RECURSIVE_BIVARIATE_PROBIT,
        first,
        plain(x=x, d=second),
        parts=Parts(
            outcomes={"second_outcome": second},
            matrices={"second": plain(x=x, z=z)},
            words={"endogenous": "d"},
        ),
    )

    def effect(theta: Floats) -> Floats:
        base = theta[0] + theta[1] * x
        rise = stats.norm.cdf(base + theta[2]) - stats.norm.cdf(base)
        return np.array([rise.mean()])

    found, theta = model.derived, model.estimates.coefficients
    slope = differenced(lambda t: effect(t[:, 0]), theta[:, None])[:, 0]
    assert found is not None
    assert found.terms == ("rho", "average_treatment_effect")
    assert found.coefficients[1] == pytest.approx(effect(theta)[0], rel=1e-12)
    assert found.std_errors[1] == pytest.approx(
        np.sqrt(slope @ model.estimates.covariance @ slope), rel=1e-9
    )


def test_predictions_and_their_derivatives() -> None:
    first, second, x, _ = pair()
    model = modelled(
        BIVARIATE_PROBIT, first, plain(x=x), parts=Parts(outcomes={"second_outcome": second})
    )
    eta = model.fitted.solution.linear_predictors
    predictions = model.fitted.solution.predictions

    four = sum(
        predictions[name].curve(eta).value
        for name in ("both", "only_first", "only_second", "neither")
    )

    np.testing.assert_allclose(four, 1, rtol=PROBABILITIES)
    for prediction in predictions.values():
        curve = prediction.curve(eta)
        slope = differenced(lambda e, p=prediction: p.curve(e).value, eta)
        bend = differenced(lambda e, p=prediction: p.curve(e).slope, eta)
        np.testing.assert_allclose(curve.slope, slope, atol=DERIVATIVES)
        np.testing.assert_allclose(curve.bend, bend, atol=DERIVATIVES)
