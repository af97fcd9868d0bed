"""Goodness of fit and influence from their definitions: pair by pair, refit by refit."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import linprog

from analysis.estimation.after.count_checks import zero_share
from analysis.estimation.after.diagnostics import separation
from analysis.estimation.after.discrimination import discrimination
from analysis.estimation.after.goodness_tests import hosmer_lemeshow
from analysis.estimation.after.influence import firm_influence, unit_influence
from analysis.estimation.after.residuals import residuals
from analysis.estimation.after.weights_influence import pfeffermann_sverchkov
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.parts import Parts
from tests.analysis.estimation.core.made_samples import sampled, solved
from tests.analysis.estimation.small import plain

# Rounding of sums over some hundred firms.
EXACT = 1e-10
# Differences of two fits, and derivatives by differences of the second order.
DIFFERENCES = 1e-6


def without(matrix, rows):
    kept = ~rows
    return replace(
        matrix,
        X=matrix.X[kept],
        variables={name: values[kept] for name, values in matrix.variables.items()},
    )


def pairwise_area(p: Floats, y: Floats, w: Floats) -> float:
    won = total = 0.0
    for i in np.flatnonzero(y == 1):
        for j in np.flatnonzero(y == 0):
            won += w[i] * w[j] * (1.0 if p[i] > p[j] else 0.5 if p[i] == p[j] else 0.0)
            total += w[i] * w[j]
    return won / total


def test_the_area_under_the_roc_pair_by_pair_with_ties() -> None:
    y, _, design = sampled("logit", 41, 90)
    breadth = np.random.default_rng(41).integers(0, 4, 90)
    w = design.weight
    model = solved(y, plain(breadth=breadth), "logit", design=design, covariance="design")

    found = discrimination(model)

    p = breadth * np.sign(model.estimates.coefficients[1])
    assert found.auc.coefficients[0] == pytest.approx(pairwise_area(p, y, w), rel=EXACT)
    # The influence of a firm is the derivative of the area by its weight.
    step = 1e-4
    derivative = np.array(
        [
            (pairwise_area(p, y, w + step * e) - pairwise_area(p, y, w - step * e)) / (2 * step)
            for e in np.eye(90)
        ]
    )
    variance = 0.0
    for stratum in set(design.stratum):
        inside = design.stratum == stratum
        sums = [
            (w * derivative)[design.cluster == cluster].sum()
            for cluster in set(design.cluster[inside])
        ]
        n_h, N_h = len(sums), design.population[inside][0]
        variance += (1 - n_h / N_h) * n_h / (n_h - 1) * np.sum((sums - np.mean(sums)) ** 2)
    assert found.auc.std_errors[0] == pytest.approx(variance**0.5, rel=DIFFERENCES)
    assert len(found.cuts) == 4


def test_hosmer_lemeshow_over_a_table() -> None:
    y, matrix, _ = sampled("logit", 42, 100)
    model = solved(y, matrix, "logit")

    found = hosmer_lemeshow(model, 5)

    p = 1 / (1 + np.exp(-matrix.X @ model.estimates.coefficients))
    chi_square = 0.0
    for group in np.array_split(np.argsort(p), 5):
        for outcome, chance in ((y, p), (1 - y, 1 - p)):
            expected = chance[group].sum()
            chi_square += (outcome[group].sum() - expected) ** 2 / expected
    assert found.statistic == pytest.approx(chi_square, rel=EXACT)
    assert found.p_value == pytest.approx(stats.chi2.sf(chi_square, 3), rel=EXACT)


@pytest.mark.parametrize("is_weighted", [False, True])
def test_least_squares_again_without_each_firm(is_weighted: bool) -> None:
    y, matrix, design = sampled("linear", 43, 40)
    choices = {"design": design} if is_weighted else {"covariance": "model"}
    model = solved(y, matrix, "linear", **choices)

    found = firm_influence(model)

    w = design.weight if is_weighted else np.ones(40)
    for firm in range(40):
        out = np.arange(40) == firm
        again = solved(
            y[~out],
            without(matrix, out),
            "linear",
            covariance="HC1" if is_weighted else "model",
            design=survey_design(count=39, weight=w[~out]),
        )
        change = model.estimates.coefficients - again.estimates.coefficients
        assert found.dfbeta[firm] == pytest.approx(change, rel=1e-8, abs=1e-12)
        if not is_weighted:
            residual = y[~out] - again.fitted.sample.X @ again.estimates.coefficients
            scale = np.sqrt(residual @ residual / (39 - 3) / model.fitted.solution.dispersion)
            errors = model.estimates.std_errors * scale
            assert found.dfbetas[firm] == pytest.approx(change / errors, rel=1e-8)
    assert found.leverage.sum() == pytest.approx(3)


def test_one_scoring_step_without_each_firm_of_a_logit() -> None:
    y, matrix, design = sampled("logit", 44, 60)
    model = solved(y, matrix, "logit", design=design)

    found = firm_influence(model)

    X, w, beta = matrix.X, design.weight, model.estimates.coefficients
    p = 1 / (1 + np.exp(-X @ beta))
    for firm in (0, 7, 59):
        kept = np.arange(60) != firm
        information = (X[kept].T * (w * p * (1 - p))[kept]) @ X[kept]
        step = np.linalg.solve(information, X[kept].T @ (w * (y - p))[kept])
        assert found.dfbeta[firm] == pytest.approx(-step, rel=1e-8)
    assert found.dfbetas == pytest.approx(found.dfbeta / model.estimates.std_errors)


def test_the_model_again_without_each_sampled_unit() -> None:
    y, matrix, design = sampled("poisson", 45, 120)
    model = solved(y, matrix, "poisson", design=design, covariance="design")

    found = unit_influence(model)

    assert sorted(found.units) == sorted({str(unit) for unit in design.cluster})
    for unit, change in list(zip(found.units, found.dfbeta, strict=True))[:6]:
        out = design.cluster == int(unit)
        again = solved(
            y[~out],
            without(matrix, out),
            "poisson",
            design=survey_design(count=int((~out).sum()), weight=design.weight[~out]),
        )
        expected = model.estimates.coefficients - again.estimates.coefficients
        assert change == pytest.approx(expected, rel=1e-7, abs=1e-10)


@pytest.mark.parametrize("estimator", ["poisson", "negative_binomial"])
@pytest.mark.parametrize("is_exposed", [False, True])
def test_the_share_of_zeros_and_its_standard_error(estimator: str, is_exposed: bool) -> None:
    _, matrix, _ = sampled("poisson", 46, 200)
    random = np.random.default_rng(46)
    years = random.integers(1, 4, 200).astype(float) if is_exposed else np.ones(200)
    y = random.negative_binomial(2, 2 / (2 + years * np.exp(0.4 * matrix.X[:, 1]))).astype(float)
    clusters = np.arange(200) // 5
    parts = Parts(outcomes={"exposure": years} if is_exposed else {}, labels={"cluster": clusters})
    model = solved(y, matrix, estimator, covariance="cluster", parts=parts)

    found = zero_share(model)

    def predicted(theta: Floats) -> float:
        mean = years * np.exp(matrix.X @ theta[:3])
        if estimator == "poisson":
            return float(np.mean(np.exp(-mean)))
        alpha = np.exp(theta[3])
        return float(np.mean((1 + alpha * mean) ** (-1 / alpha)))

    solution, theta = model.fitted.solution, model.estimates.coefficients
    gradient = np.array(
        [
            (predicted(theta + 1e-5 * e) - predicted(theta - 1e-5 * e)) / 2e-5
            for e in np.eye(len(theta))
        ]
    )
    each = [predicted(theta)]
    by_coefficient = solution.scores @ solution.bread.T @ solution.report.T @ gradient
    mean = years * np.exp(matrix.X @ theta[:3])
    chance = np.exp(-mean)
    if estimator == "negative_binomial":
        alpha = np.exp(theta[3])
        chance = (1 + alpha * mean) ** (-1 / alpha)
    z = ((y == 0) - np.mean(y == 0) - (chance - each[0])) / 200 - by_coefficient
    sums = [z[clusters == cluster].sum() for cluster in range(40)]
    assert found.coefficients == pytest.approx(
        [np.mean(y == 0), each[0], np.mean(y == 0) - each[0]], rel=EXACT
    )
    assert found.std_errors[2] == pytest.approx(
        np.sqrt(40 / 39 * np.sum(np.square(sums))), rel=DIFFERENCES
    )
    assert found.residual_df == 39


def separated_by_programmes(X: Floats, y: Floats) -> list[bool]:
    """Of each firm for itself: can some direction predict it better, and no other worse?"""
    z = np.where(y == 1, 1.0, -1.0)[:, None] * X
    return [
        linprog(
            np.zeros(X.shape[1]),
            A_ub=-z,
            b_ub=-(np.arange(len(z)) == firm).astype(float),
            bounds=(None, None),
        ).status
        == 0
        for firm in range(len(z))
    ]


@pytest.mark.parametrize("seed", range(12))
def test_firms_predicted_without_error_one_by_one(seed: int) -> None:
    random = np.random.default_rng([47, seed])
    x, z = random.integers(0, 4, 24), random.integers(0, 2, 24)
    y = (x + z + random.normal(0, 0.8, 24) > 2).astype(float)
    if y.min() == y.max():
        y[0] = 1 - y[0]
    matrix = plain(x=x, z=z)

    found = separation(
        y=y,
        X=matrix,
        estimator="logit",
        design=survey_design(count=24),
        domain=np.ones(24, dtype=bool),
    )

    one_by_one = separated_by_programmes(matrix.X, y)
    assert found.certain == sum(one_by_one)
    assert found.kind == (
        "none" if not any(one_by_one) else "quasi" if not all(one_by_one) else "complete"
    )
    on_plane = matrix.X[~np.array(one_by_one)]
    rank = np.linalg.matrix_rank(on_plane) if len(on_plane) else 0
    assert (len(found.infinite) > 0) == (rank < 3)
    for name, column in zip(matrix.names, np.eye(3), strict=True):
        # A coefficient is decided if its direction is among the rows of the firms left.
        stacked = np.vstack([on_plane, column])
        assert (name in found.finite) == (np.linalg.matrix_rank(stacked) == rank)


@pytest.mark.parametrize("estimator", ["logit", "poisson", "linear"])
def test_quantile_residuals_lie_between_the_quantiles_of_the_outcome(estimator: str) -> None:
    y, matrix, _ = sampled(estimator, 48, 400)
    model = solved(y, matrix, estimator, covariance="model")

    drawn = residuals(model, "quantile", seed=5)

    beta = model.estimates.coefficients
    if estimator == "linear":
        spread = model.fitted.solution.dispersion**0.5
        assert drawn == pytest.approx((y - matrix.X @ beta) / spread)
        return
    distribution = (
        stats.poisson(np.exp(matrix.X @ beta))
        if estimator == "poisson"
        else stats.bernoulli(1 / (1 + np.exp(-matrix.X @ beta)))
    )
    assert np.all(stats.norm.cdf(drawn) <= distribution.cdf(y) + 1e-12)
    assert np.all(stats.norm.cdf(drawn) >= distribution.cdf(y - 1) - 1e-12)
    assert np.array_equal(drawn, residuals(model, "quantile", seed=5))


def test_weights_and_residuals_under_the_clusters_of_the_design() -> None:
    y, matrix, design = sampled("linear", 49)
    free = replace(design, population=None)
    model = solved(y, matrix, "linear", design=free, covariance="design")

    found = pfeffermann_sverchkov(model, "design").correlations

    X, w = matrix.X, free.weight / free.weight.mean()
    e = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    B = np.linalg.inv(X.T @ X)
    for place, power in enumerate((1, 2, 3)):
        v, raised = w - 1, e**power - np.mean(e**power)
        scale = v.std() * raised.std()
        slope = -power * (X.T @ (v * e ** (power - 1))) / len(y)
        z = ((v * raised - np.mean(v * raised)) / len(y) + (X * e[:, None]) @ B @ slope) / scale
        variance = 0.0
        for stratum in set(free.stratum):
            sums = np.array(
                [
                    z[free.cluster == cluster].sum()
                    for cluster in set(free.cluster[free.stratum == stratum])
                ]
            )
            variance += len(sums) / (len(sums) - 1) * np.sum((sums - sums.mean()) ** 2)
        assert found.coefficients[place] == pytest.approx(np.corrcoef(w, raised)[0, 1], rel=EXACT)
        assert found.std_errors[place] == pytest.approx(variance**0.5, rel=EXACT)
