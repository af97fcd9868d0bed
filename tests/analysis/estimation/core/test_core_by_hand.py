"""Generalised linear models and their covariances from the textbook, firm by firm."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from analysis.estimation.estimates import Floats
from analysis.estimation.margins import (
    at_means,
    average_predictions,
    contrast,
    elasticities,
    marginal_effects_at,
)
from analysis.estimation.parts import Parts
from analysis.estimation.replicates import ReplicateWeights
from tests.analysis.estimation.core.made_samples import ESTIMATORS, sampled, solved

# Rounding of sums over 240 firms.
EXACT = 1e-10
# Of a jackknife: each refit stops within 1e-10 standard errors, and differences are a tenth.
REFITS = 1e-8

Of = Callable[[Floats], Floats]
# Expected outcome, its slope by the predictor, and the variance for that mean.
FAMILIES: dict[str, tuple[Of, Of, Of]] = {
    "linear": (lambda e: e, np.ones_like, np.ones_like),
    "logit": (expit, lambda e: expit(e) * (1 - expit(e)), lambda m: m * (1 - m)),
    "probit": (norm.cdf, norm.pdf, lambda m: m * (1 - m)),
    "cloglog": (
        lambda e: 1 - np.exp(-np.exp(e)),
        lambda e: np.exp(e - np.exp(e)),
        lambda m: m * (1 - m),
    ),
    "poisson": (np.exp, np.exp, lambda m: m),
}


def family(estimator: str) -> tuple[Of, Of, Of]:
    return FAMILIES[estimator.removeprefix("fractional_")]


def scoring(
    estimator: str, y: Floats, X: Floats, w: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Coefficients, scores, inverse expected information, leverage, by plain scoring steps."""
    mean, slope, variance = family(estimator)
    beta = np.zeros(X.shape[1])
    for _ in range(40):
        m, g = mean(X @ beta), slope(X @ beta)
        scores = X * ((y - m) * g / variance(m))[:, None]
        information = (X.T * (w * g**2 / variance(m))) @ X
        beta = beta + np.linalg.solve(information, w @ scores)
    bread = np.linalg.inv(information)
    h = np.array([w[i] * g[i] ** 2 / variance(m)[i] * X[i] @ bread @ X[i] for i in range(len(y))])
    return beta, scores, bread, h


def outer_sum(vectors: list[Floats]) -> Floats:
    return sum((np.outer(each, each) for each in vectors), start=np.zeros((3, 3)))


def of_clusters(rows: Floats, labels: Floats, k: int) -> Floats:
    sums = [rows[labels == label].sum(axis=0) for label in sorted(set(labels))]
    G, n = len(sums), len(rows)
    return G / (G - 1) * (n - 1) / (n - k) * outer_sum(sums)


def assert_near(found: Floats, covariance: Floats, tolerance: float) -> None:
    """Within a tolerance of the standard errors' products: a covariance may be near zero."""
    scale = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(
        found / np.outer(scale, scale), covariance / np.outer(scale, scale), atol=tolerance, rtol=0
    )


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("is_weighted", [False, True])
def test_hc0_to_hc3(estimator: str, is_weighted: bool) -> None:
    y, matrix, design = sampled(estimator, 11)
    choices = {"design": design} if is_weighted else {}
    w = design.weight / design.weight.mean() if is_weighted else np.ones(len(y))

    model = solved(y, matrix, estimator, **choices)

    beta, scores, bread, h = scoring(estimator, y, matrix.X, w)
    n, k = matrix.X.shape
    np.testing.assert_allclose(model.estimates.coefficients, beta, rtol=EXACT)
    by_hand = {
        "HC0": outer_sum([w[i] * scores[i] for i in range(n)]),
        "HC1": n / (n - k) * outer_sum([w[i] * scores[i] for i in range(n)]),
        "HC2": outer_sum([w[i] * scores[i] / (1 - h[i]) ** 0.5 for i in range(n)]),
        "HC3": outer_sum([w[i] * scores[i] / (1 - h[i]) for i in range(n)]),
    }
    for kind, meat in by_hand.items():
        assert_near(model.under(kind).estimates.covariance, bread @ meat @ bread, EXACT)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_one_and_two_ways_of_clustering(estimator: str) -> None:
    y, matrix, design = sampled(estimator, 12)
    n, k = matrix.X.shape
    first, second = design.cluster, np.arange(n) % 31
    both = {"cluster": first, "cluster_2": second}

    one = solved(y, matrix, estimator, covariance="cluster", parts=Parts(labels={"cluster": first}))
    two = solved(y, matrix, estimator, covariance="cluster", parts=Parts(labels=both))

    _, scores, bread, _ = scoring(estimator, y, matrix.X, np.ones(n))
    crossing = np.array([f"{a} and {b}" for a, b in zip(first, second, strict=True)])
    parts = [of_clusters(scores, labels, k) for labels in (first, second, crossing)]
    assert_near(one.estimates.covariance, bread @ parts[0] @ bread, EXACT)
    together = parts[0] + parts[1] - parts[2]
    assert_near(two.estimates.covariance, bread @ together @ bread, EXACT)
    assert two.estimates.residual_df == 31 - 1


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("mse", [False, True])
def test_replicates(estimator: str, mse: bool) -> None:
    y, matrix, design = sampled(estimator, 13, 120)
    random = np.random.default_rng(13)
    weights = design.weight[:, None] * random.uniform(0.3, 2, (len(y), 12))
    rscales = random.uniform(0.5, 1.5, 12)
    replicates = ReplicateWeights(weights, scale=0.3, rscales=rscales, mse=mse)

    model = solved(
        y, matrix, estimator, covariance="replicate", design=design.with_replicates(replicates)
    )

    estimates = [scoring(estimator, y, matrix.X, column)[0] for column in weights.T]
    centre = scoring(estimator, y, matrix.X, design.weight)[0]
    if not mse:
        centre = sum(estimates) / len(estimates)
    covariance = sum(
        0.3 * r * np.outer(each - centre, each - centre)
        for r, each in zip(rscales, estimates, strict=True)
    )
    assert_near(model.estimates.covariance, covariance, REFITS)
    assert model.estimates.residual_df == 11 + 1 - 3


def complex_step(function: Callable[[Floats], complex], at: Floats) -> Floats:
    return np.array([function(at + 1e-30j * e).imag / 1e-30 for e in np.eye(len(at))])


@pytest.mark.parametrize("estimator", ["logit", "poisson"])
def test_elasticities_contrasts_and_predictions_by_complex_steps(estimator: str) -> None:
    y, matrix, design = sampled(estimator, 14)
    # Elasticities are asked of a size that cannot be zero.
    X = matrix.X.copy()
    X[:, 1] = np.exp(X[:, 1])
    matrix = replace(matrix, X=X, variables=matrix.variables | {"x": X[:, 1]})
    model = solved(y, matrix, estimator, covariance="design", design=design)
    share, V = design.weight / design.weight.sum(), model.estimates.covariance
    margins = model.margins()

    def mean(eta):
        return np.exp(eta) if estimator == "poisson" else 1 / (1 + np.exp(-eta))

    def slope(eta):
        return np.exp(eta) if estimator == "poisson" else mean(eta) * (1 - mean(eta))

    def prediction(x):
        changed = X.copy()
        changed[:, 1] = x
        return lambda b: share @ mean(changed @ b)

    x, middle = X[:, 1], np.concatenate([[1], share @ X[:, 1:]])
    functions = [
        (elasticities(margins), lambda b: share @ (slope(X @ b) * b[1] * x / mean(X @ b))),
        (elasticities(margins, "eydx"), lambda b: share @ (slope(X @ b) * b[1] / mean(X @ b))),
        (elasticities(margins, "dyex"), lambda b: share @ (slope(X @ b) * b[1] * x)),
        (average_predictions(margins, "x", [2.0]), prediction(2.0)),
        (
            contrast(margins, "x", 1.0, 2.0),
            lambda b: prediction(2.0)(b) - prediction(1.0)(b),
        ),
        (marginal_effects_at(margins, at_means(margins)), lambda b: slope(middle @ b) * b[1]),
    ]
    beta = model.estimates.coefficients
    for found, function in functions:
        gradient = complex_step(function, beta)
        assert found.coefficients[0] == pytest.approx(function(beta), rel=EXACT)
        assert found.std_errors[0] == pytest.approx((gradient @ V @ gradient) ** 0.5, rel=EXACT)
