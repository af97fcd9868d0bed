"""Heckman's model put together again: its likelihood from the joint normal, the steps by loops."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.optimize import minimize

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.selection import HECKMAN, selection_likelihood
from analysis.estimation.likelihood.two_step import HECKMAN_TWO_STEP
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from tests.analysis.estimation.likelihood.modelled import differenced, modelled, worst_derivative
from tests.analysis.estimation.small import plain

# Of derivatives by differences of the fourth order.
DERIVATIVES = 1e-9
# Of an optimiser without derivatives, and of Hessians by differences.
OPTIMISED = 1e-5
# Rounding.
EXACT = 1e-9


def drawn(seed: int, n: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Outcome (NaN where not seen), who is selected, and two regressors."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), random.normal(size=n)
    errors = random.multivariate_normal([0, 0], [[1, 0.72], [0.72, 1.44]], n)
    selected = (0.2 + 0.5 * x + 0.7 * z + errors[:, 0] > 0).astype(float)
    y = 1 + 0.8 * x + errors[:, 1]
    return np.where(selected == 1, y, np.nan), selected, x, z


def asked(
    estimator, seed: int, n: int = 300, **choices
) -> tuple[Model, Floats, Floats, Floats, Floats]:
    y, selected, x, z = drawn(seed, n)
    parts = Parts(outcomes={"selected": selected}, matrices={"selection": plain(x=x, z=z)})
    return modelled(estimator, y, plain(x=x), parts=parts, **choices), y, selected, x, z


def joint_density(rho: float, sigma: float, error: float) -> Callable[[float], float]:
    """Of the selection's error, beside a given error of the outcome."""
    joint = stats.multivariate_normal([0, 0], [[1, rho * sigma], [rho * sigma, sigma**2]])
    return lambda other: float(joint.pdf([other, error]))


def test_the_likelihood_is_that_of_a_truncated_joint_normal() -> None:
    eta = np.array([[0.4, -1.0], [0.3, 0.9], [0.7, -0.5], [0.2, 0.6]])
    y = np.array([1.3, -0.2])

    seen = selection_likelihood(y, np.ones(2), eta).log_density
    unseen = selection_likelihood(y, np.zeros(2), eta).log_density

    for firm in range(2):
        joint = joint_density(np.tanh(eta[2, firm]), np.exp(eta[3, firm]), y[firm] - eta[0, firm])
        density = integrate.quad(joint, -eta[1, firm], 12, epsabs=1e-13)[0]
        assert seen[firm] == pytest.approx(np.log(density), rel=1e-10)
        assert unseen[firm] == pytest.approx(stats.norm.logcdf(-eta[1, firm]), rel=1e-12)


def test_derivatives_of_the_likelihood() -> None:
    random = np.random.default_rng(3)
    y, selected = random.normal(size=200), (random.random(200) < 0.6).astype(float)
    eta = random.normal(size=(4, 200)) * np.array([[1.0], [1.0], [0.7], [0.3]])

    assert worst_derivative(lambda e: selection_likelihood(y, selected, e), eta) < DERIVATIVES


def test_maximum_likelihood_is_that_of_an_optimiser_without_derivatives() -> None:
    model, y, selected, x, z = asked(HECKMAN, 5, covariance="model")
    X, Z = np.column_stack([np.ones(300), x]), np.column_stack([np.ones(300), x, z])

    def total(theta: Floats) -> float:
        rho, sigma = np.tanh(theta[5]), np.exp(theta[6])
        index, error = Z @ theta[2:5], (y - X @ theta[:2]) / sigma
        inside = (index + rho * error) / np.sqrt(1 - rho**2)
        seen = stats.norm.logpdf(error) - np.log(sigma) + stats.norm.logcdf(inside)
        return float(np.sum(np.where(selected == 1, seen, stats.norm.logcdf(-index))))

    best = minimize(lambda t: -total(t), np.zeros(7), method="BFGS").x
    theta = model.estimates.coefficients
    hessian = differenced(
        lambda t: differenced(lambda s: np.array([total(s[:, 0])]), t)[:, 0], theta[:, None]
    )

    np.testing.assert_allclose(theta, best, rtol=OPTIMISED, atol=OPTIMISED)
    np.testing.assert_allclose(
        model.estimates.covariance, np.linalg.inv(-hessian), rtol=OPTIMISED, atol=1e-8
    )


def two_steps(y: Floats, selected: Floats, x: Floats, z: Floats, w: Floats) -> tuple:
    """Probit by scoring, then least squares; coefficients of both and the Mills ratio."""
    Z = np.column_stack([np.ones(len(x)), x, z])
    gamma = np.zeros(3)
    for _ in range(60):
        index = Z @ gamma
        p, f = stats.norm.cdf(index), stats.norm.pdf(index)
        score = (selected - p) * f / (p * (1 - p))
        gamma = gamma + np.linalg.solve((Z.T * (w * f**2 / (p * (1 - p)))) @ Z, Z.T @ (w * score))
    ratio = stats.norm.pdf(Z @ gamma) / stats.norm.cdf(Z @ gamma)
    inside = selected == 1
    W = np.column_stack([np.ones(len(x)), x, ratio])[inside]
    beta = np.linalg.solve((W.T * w[inside]) @ W, W.T @ (w[inside] * y[inside]))
    return beta, gamma, ratio, Z


def test_two_steps_and_their_stacked_covariance() -> None:
    w = np.random.default_rng(1).uniform(0.5, 2, 300)
    model, y, selected, x, z = asked(
        HECKMAN_TWO_STEP, 6, covariance="HC0", design=survey_design(count=300, weight=w)
    )
    beta, gamma, ratio, Z = two_steps(y, selected, x, z, w)
    residual = np.where(selected == 1, y - np.column_stack([np.ones(300), x, ratio]) @ beta, 0)

    def functions(theta: Floats) -> Floats:
        """(m, 6) estimating functions of beta, gamma and lambda."""
        index = Z @ theta[2:5]
        mills = stats.norm.pdf(index) / stats.norm.cdf(index)
        other = stats.norm.pdf(index) / stats.norm.cdf(-index)
        rest = np.where(selected == 1, y - theta[0] - theta[1] * x - theta[5] * mills, 0)
        first = np.where(selected == 1, mills, -other)
        return np.column_stack([rest, rest * x, first[:, None] * Z, rest * mills])

    theta = np.concatenate([beta[:2], gamma, beta[2:]])
    jacobian = differenced(lambda t: w @ functions(t[:, 0]), theta[:, None]).T
    influence = w[:, None] * functions(theta) @ np.linalg.inv(-jacobian).T

    found = model.estimates
    np.testing.assert_allclose(found.coefficients[:6], theta, rtol=EXACT)
    np.testing.assert_allclose(
        found.covariance[:6, :6], influence.T @ influence, rtol=1e-7, atol=1e-10
    )
    index = Z @ gamma
    taken = beta[2] ** 2 * ratio * (ratio + index)
    variance = np.average(residual**2 + taken, weights=w * selected)
    assert model.derived is not None
    np.testing.assert_allclose(
        model.derived.coefficients, [beta[2] / np.sqrt(variance), np.sqrt(variance)], rtol=EXACT
    )


def test_stacked_errors_are_near_the_classical_corrected_ones_where_the_model_holds() -> None:
    """Greene (2018, equation 19-38), which is derived for normal errors of one variance."""
    n = 6000
    model, y, selected, x, z = asked(HECKMAN_TWO_STEP, 7, n, covariance="HC0")
    beta, gamma, ratio, Z = two_steps(y, selected, x, z, np.ones(n))
    inside, index = selected == 1, Z @ gamma
    W, Zs = np.column_stack([np.ones(n), x, ratio])[inside], Z[inside]
    delta = (ratio * (ratio + index))[inside]
    residual = y[inside] - W @ beta
    variance = np.mean(residual**2 + beta[2] ** 2 * delta)
    rho2 = beta[2] ** 2 / variance
    p, f = stats.norm.cdf(index), stats.norm.pdf(index)
    probit = np.linalg.inv((Z.T * (f**2 / (p * (1 - p)))) @ Z)
    F = (W.T * delta) @ Zs
    inverse = np.linalg.inv(W.T @ W)
    middle = (W.T * (1 - rho2 * delta)) @ W + rho2 * F @ probit @ F.T
    classical = np.sqrt(np.diag(variance * inverse @ middle @ inverse))

    stacked = model.estimates.std_errors[[0, 1, 5]]

    # Two estimates of one thing from 6,000 firms; the naive errors are 10 to 20 % off.
    np.testing.assert_allclose(stacked, classical, rtol=0.03)


@pytest.mark.parametrize("estimator", [HECKMAN, HECKMAN_TWO_STEP])
def test_predictions_and_their_derivatives(estimator) -> None:
    model, *_ = asked(estimator, 8)
    eta = model.fitted.solution.linear_predictors

    for prediction in model.fitted.solution.predictions.values():
        curve = prediction.curve(eta)
        slope = differenced(lambda e, p=prediction: p.curve(e).value, eta)
        bend = differenced(lambda e, p=prediction: p.curve(e).slope, eta)
        np.testing.assert_allclose(curve.slope, slope, atol=DERIVATIVES)
        np.testing.assert_allclose(curve.bend, bend, atol=DERIVATIVES)
