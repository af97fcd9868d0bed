"""Estimates put together again from their formulas, firm by firm and cluster by cluster."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.estimation.estimates import Floats
from tests.analysis.estimation.small import drawn, fitted

# Rounding of sums over 240 firms.
EXACT = 1e-10


def newton_logit(y: Floats, X: Floats, w: Floats) -> Floats:
    beta = np.zeros(X.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-X @ beta))
        information = (X.T * (w * p * (1 - p))) @ X
        beta = beta + np.linalg.solve(information, X.T @ (w * (y - p)))
    return beta


def scoring_probit(y: Floats, X: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients, scores by firm, inverse expected information."""
    beta = np.zeros(X.shape[1])
    for _ in range(200):
        p, f = norm.cdf(X @ beta), norm.pdf(X @ beta)
        scores = ((y - p) * f / (p * (1 - p)))[:, None] * X
        bread = np.linalg.inv((X.T * (w * f**2 / (p * (1 - p)))) @ X)
        beta = beta + bread @ (w @ scores)
    return beta, scores, bread


def variance_by_loops(scores, design, domain) -> Floats:
    """Strata, then clusters, then firms; a firm outside the domain counts as zero."""
    total = np.zeros((scores.shape[1], scores.shape[1]))
    for stratum in set(design.stratum):
        in_stratum = design.stratum == stratum
        clusters = sorted(set(design.cluster[in_stratum]))
        sums = np.array(
            [
                sum(
                    (
                        design.weight[i] * scores[i]
                        for i in np.flatnonzero((design.cluster == cluster) & domain)
                    ),
                    start=np.zeros(scores.shape[1]),
                )
                for cluster in clusters
            ]
        )
        deviation = sums - sums.mean(axis=0)
        n_h, N_h = len(clusters), design.population[in_stratum][0]
        total += (1 - n_h / N_h) * n_h / (n_h - 1) * deviation.T @ deviation
    return total


def test_a_survey_logit_of_a_subpopulation() -> None:
    y, matrix, design = drawn(1)
    domain = np.arange(len(y)) % 3 > 0

    estimates = fitted(y, matrix, covariance="design", design=design, domain=domain).estimates

    X, w = matrix.X, design.weight
    beta = newton_logit(y[domain], X[domain], w[domain])
    p = 1 / (1 + np.exp(-X @ beta))
    bread = np.linalg.inv((X.T * (w * domain * p * (1 - p))) @ X)
    meat = variance_by_loops(X * (y - p)[:, None], design, domain)
    clusters, strata = len(set(design.cluster[domain])), len(set(design.stratum[domain]))
    np.testing.assert_allclose(estimates.coefficients, beta, rtol=EXACT)
    np.testing.assert_allclose(estimates.covariance, bread @ meat @ bread, rtol=EXACT)
    assert estimates.residual_df == clusters - strata + 1 - 3


def test_a_survey_probit() -> None:
    y, matrix, design = drawn(2)
    domain = np.ones(len(y), dtype=bool)

    estimates = fitted(y, matrix, estimator="probit", covariance="design", design=design).estimates

    beta, scores, bread = scoring_probit(y, matrix.X, design.weight)
    meat = variance_by_loops(scores, design, domain)
    np.testing.assert_allclose(estimates.coefficients, beta, rtol=EXACT)
    np.testing.assert_allclose(estimates.covariance, bread @ meat @ bread, rtol=EXACT)


def test_a_weighted_least_squares_fit_with_hc1() -> None:
    y, matrix, design = drawn(3)
    X, w = matrix.X, design.weight

    estimates = fitted(y, matrix, estimator="linear", design=design).estimates

    bread = np.linalg.inv((X.T * w) @ X)
    beta = bread @ (X.T @ (w * y))
    scores = X * (w * (y - X @ beta))[:, None]
    n, k = X.shape
    np.testing.assert_allclose(estimates.coefficients, beta, rtol=EXACT)
    np.testing.assert_allclose(
        estimates.covariance, n / (n - k) * bread @ scores.T @ scores @ bread, rtol=EXACT
    )


def test_clustered_covariance_of_a_logit() -> None:
    y, matrix, design = drawn(4)
    X = matrix.X

    result = fitted(y, matrix, covariance="cluster", design=design)

    w = design.weight
    beta = newton_logit(y, X, w)
    p = 1 / (1 + np.exp(-X @ beta))
    bread = np.linalg.inv((X.T * (w * p * (1 - p))) @ X)
    sums = np.array(
        [
            ((w * (y - p))[:, None] * X)[design.cluster == cluster].sum(axis=0)
            for cluster in sorted(set(design.cluster))
        ]
    )
    (n, k), G = X.shape, len(sums)
    factor = G / (G - 1) * (n - 1) / (n - k)
    np.testing.assert_allclose(
        result.estimates.covariance, factor * bread @ sums.T @ sums @ bread, rtol=EXACT
    )
    assert (result.n_clusters, result.estimates.residual_df) == (G, G - 1)


@pytest.mark.parametrize("estimator", ["logit", "probit"])
def test_the_jacobian_of_the_marginal_effects(estimator: str) -> None:
    y, matrix, design = drawn(5)
    cdf = norm.cdf if estimator == "probit" else lambda eta: 1 / (1 + np.exp(-eta))

    result = fitted(y, matrix, estimator=estimator, covariance="design", design=design)

    def effects(beta: Floats) -> Floats:
        share, step = design.weight / design.weight.sum(), 1e-4
        predictor, slope = matrix.X @ beta, beta[1]
        rise = cdf(predictor + step * slope) - cdf(predictor - step * slope)
        without = predictor - matrix.X[:, 2] * beta[2]
        return np.array(
            [share @ rise / (2 * step), share @ (cdf(without + beta[2]) - cdf(without))]
        )

    beta, h = result.estimates.coefficients, 1e-4
    jacobian = np.column_stack(
        [(effects(beta + h * e) - effects(beta - h * e)) / (2 * h) for e in np.eye(3)]
    )
    assert result.margins is not None
    np.testing.assert_allclose(result.margins.coefficients, effects(beta), rtol=1e-7)
    np.testing.assert_allclose(
        result.margins.covariance, jacobian @ result.estimates.covariance @ jacobian.T, rtol=1e-6
    )
