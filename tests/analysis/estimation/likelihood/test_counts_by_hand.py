"""Densities of counts and their fits put together again from the textbook's formulas."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq, minimize

from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.count_densities import (
    LONGEST,
    negative_binomial,
    poisson,
    truncated,
)
from analysis.estimation.likelihood.counts import NEGATIVE_BINOMIAL
from analysis.estimation.likelihood.two_part import (
    HURDLE_NEGATIVE_BINOMIAL,
    HURDLE_POISSON,
    ZERO_INFLATED_NEGATIVE_BINOMIAL,
    ZERO_INFLATED_POISSON,
)
from analysis.estimation.likelihood.two_part_densities import hurdle, zero_inflated
from analysis.estimation.parts import Parts
from tests.analysis.estimation.likelihood.modelled import differenced, modelled, worst_derivative
from tests.analysis.estimation.small import drawn, plain

# Of derivatives by differences of the fourth order.
DERIVATIVES = 1e-10
# Of an optimiser without derivatives.
OPTIMISED = 1e-5
# Of Hessians by differences.
COVARIANCES = 1e-6

FAMILIES = {"poisson": (poisson, 1), "negative_binomial": (negative_binomial, 2)}


def predictors(count: int, rows: int, log_alpha: float = -0.4) -> Floats:
    """Linear predictors: of the count, of the logit where there are more, and log alpha."""
    random = np.random.default_rng(11)
    eta = np.vstack([random.normal(0.5, 0.7, count), random.normal(size=count)])[:rows]
    return np.vstack([eta, np.full(count, log_alpha)])


def drawn_counts(seed: int, n: int = 300) -> tuple[Floats, Floats, Floats]:
    """Counts with more zeros and spread than a Poisson's, and two regressors."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), random.normal(size=n)
    mean = np.exp(0.6 + 0.4 * x) * random.gamma(2, 0.5, n)
    sure = random.random(n) < 1 / (1 + np.exp(1 - 0.8 * z))
    return np.where(sure, 0, random.poisson(mean)).astype(float), x, z


@pytest.mark.parametrize("alpha", [1e-3, 0.4, 30.0])
def test_the_density_is_scipys(alpha: float) -> None:
    y = np.array([0.0, 1, 2, 7, 40, LONGEST, LONGEST + 1, 30_000])
    mean = np.array([0.3, 2, 1, 9, 30, 1200, 900, 29_000])
    eta = np.vstack([np.log(mean), np.full(len(y), np.log(alpha))])

    found = negative_binomial(y)(eta).log_density

    # scipy's own gamma functions lose digits of large counts.
    expected = stats.nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * mean))
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    np.testing.assert_allclose(
        poisson(y)(eta[:1]).log_density, stats.poisson.logpmf(y, mean), rtol=1e-9
    )


def test_the_negative_binomial_ends_in_the_poisson() -> None:
    y, eta = np.arange(6.0), np.vstack([np.linspace(-1, 1, 6), np.full(6, -25.0)])

    found = negative_binomial(y)(eta)

    np.testing.assert_allclose(found.log_density, poisson(y)(eta[:1]).log_density, rtol=1e-9)


@pytest.mark.parametrize("log_alpha", [-8.0, -0.4, 2.0])
def test_derivatives_of_the_densities(log_alpha: float) -> None:
    y, _, _ = drawn_counts(1)
    y[:3] = 2 * LONGEST
    eta = predictors(len(y), 1, log_alpha)
    above = np.maximum(y, 1)

    assert worst_derivative(negative_binomial(y[3:]), eta[:, 3:]) < DERIVATIVES
    assert worst_derivative(truncated(negative_binomial, above[3:]), eta[:, 3:]) < DERIVATIVES
    assert worst_derivative(poisson(y[3:]), eta[:1, 3:]) < DERIVATIVES
    # Far out the numbers are a thousand times as large.
    assert worst_derivative(negative_binomial(y[:3]), eta[:, :3] + [[7.0], [0.0]]) < 1e-8


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("density", [hurdle, zero_inflated])
def test_derivatives_of_both_parts(density, family: str) -> None:
    y, _, _ = drawn_counts(2)
    count, width = FAMILIES[family]

    assert worst_derivative(density(count, y), predictors(len(y), 2)[: width + 1]) < DERIVATIVES


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("density", [hurdle, zero_inflated])
def test_probabilities_of_both_parts_sum_to_one(density, family: str) -> None:
    count, width = FAMILIES[family]
    y = np.arange(400.0)
    eta = np.repeat([[0.7], [-0.3], [-0.9]], len(y), axis=1)[: width + 1]

    assert np.exp(density(count, y)(eta).log_density).sum() == pytest.approx(1, abs=1e-12)


def test_zero_truncated_and_inflated_densities_from_their_definition() -> None:
    y, eta = np.array([0.0, 0, 1, 4]), np.array([[0.2, 0.5, 0.3, 1.0], [0.4, -1.0, 0.1, 0.6]])
    mean, share = np.exp(eta[0]), 1 / (1 + np.exp(-eta[1]))
    plain_density, none = stats.poisson.pmf(y, mean), np.exp(-mean)

    inflated = np.where(y == 0, share, 0) + (1 - share) * plain_density
    in_parts = np.where(y == 0, 1 - share, share * plain_density / (1 - none))

    np.testing.assert_allclose(
        zero_inflated(poisson, y)(eta).log_density, np.log(inflated), rtol=1e-14
    )
    np.testing.assert_allclose(hurdle(poisson, y)(eta).log_density, np.log(in_parts), rtol=1e-13)


def test_a_weighted_negative_binomial_under_a_survey_design() -> None:
    _, matrix, design = drawn(8)
    random = np.random.default_rng(8)
    y = random.negative_binomial(2, 2 / (2 + np.exp(0.5 + 0.4 * matrix.X[:, 1]))).astype(float)

    model = modelled(NEGATIVE_BINOMIAL, y, matrix, covariance="design", design=design)

    def per_firm(theta: Floats) -> Floats:
        alpha = np.exp(theta[-1])
        mean = np.exp(matrix.X @ theta[:-1])
        return stats.nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * mean))

    theta, w = model.estimates.coefficients, design.weight
    best = minimize(lambda t: -(w @ per_firm(t)), np.zeros(4), method="BFGS").x
    np.testing.assert_allclose(theta, best, rtol=OPTIMISED, atol=OPTIMISED)
    shape = theta[:, None]
    scores = differenced(lambda t: per_firm(t[:, 0]), shape).T
    hessian = differenced(
        lambda t: differenced(lambda s: np.array([w @ per_firm(s[:, 0])]), t)[:, 0], shape
    )
    bread = np.linalg.inv(-hessian)
    meat = np.zeros((4, 4))
    for stratum in np.unique(design.stratum):
        inside = design.stratum == stratum
        clusters = np.unique(design.cluster[inside])
        sums = np.array([w[design.cluster == c] @ scores[design.cluster == c] for c in clusters])
        apart = sums - sums.mean(axis=0)
        n_h, N_h = len(clusters), design.population[inside][0]
        meat += (1 - n_h / N_h) * n_h / (n_h - 1) * apart.T @ apart
    np.testing.assert_allclose(
        model.estimates.covariance, bread @ meat @ bread, rtol=COVARIANCES, atol=1e-9
    )


@pytest.mark.parametrize(
    ("estimator", "role"),
    [
        (HURDLE_POISSON, "participation"),
        (HURDLE_NEGATIVE_BINOMIAL, "participation"),
        (ZERO_INFLATED_POISSON, "inflation"),
        (ZERO_INFLATED_NEGATIVE_BINOMIAL, "inflation"),
    ],
)
def test_predictions_and_their_derivatives(estimator, role: str) -> None:
    y, x, z = drawn_counts(5)
    model = modelled(estimator, y, plain(x=x), parts=Parts(matrices={role: plain(z=z)}))
    eta = model.fitted.solution.linear_predictors[:, :20]

    mean = model.fitted.solution.predictions["mean"].curve(eta).value

    counts = np.arange(300.0)
    density = hurdle if role == "participation" else zero_inflated
    family = poisson if len(eta) == 2 else negative_binomial
    for firm in range(20):
        probabilities = np.exp(
            density(family, counts)(np.repeat(eta[:, [firm]], len(counts), axis=1)).log_density
        )
        assert mean[firm] == pytest.approx(counts @ probabilities, rel=1e-10)
    for prediction in model.fitted.solution.predictions.values():
        curve = prediction.curve(eta)
        slope = differenced(lambda e, p=prediction: p.curve(e).value, eta)
        bend = differenced(lambda e, p=prediction: p.curve(e).slope, eta)
        np.testing.assert_allclose(curve.slope, slope, atol=DERIVATIVES)
        np.testing.assert_allclose(curve.bend, bend, atol=DERIVATIVES)


def test_alpha_solves_its_own_equation() -> None:
    """Greene (2018, section 18.4.4): the score of alpha with the mean at the average."""
    y = np.repeat([0.0, 1, 2, 6], [6, 3, 2, 2])
    mean = y.mean()

    def score(alpha: float) -> float:
        by_alpha = [sum(j / (1 + alpha * j) for j in range(int(each))) for each in y]
        return sum(by_alpha) + len(y) * (
            np.log1p(alpha * mean) / alpha**2 - (mean + 1 / alpha) * mean / (1 + alpha * mean)
        )

    found = modelled(NEGATIVE_BINOMIAL, y, plain(one=np.zeros(len(y)))).derived

    assert found is not None
    assert found.coefficients[0] == pytest.approx(brentq(score, 0.05, 20, xtol=1e-14), rel=1e-9)
