"""Multilevel models reconstructed with dense matrices, loops and numerical integrals."""

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.estimation.design import survey_design
from analysis.estimation.multilevel.averages import population_averaged
from analysis.estimation.multilevel.normal import Normal
from analysis.estimation.multilevel.quadrature import LogitIntegrals, nodes
from analysis.estimation.multilevel.regions import regions_of
from tests.analysis.estimation.multilevel.made import (
    LOGIT,
    drawn,
    made_design,
    made_firms,
    made_matrix,
    model,
    sample_of,
)
from tests.analysis.estimation.small import plain

# The same sums in another order.
ROUNDING = 1e-11
# Differences of the fourth order with a step of 1e-3.
DIFFERENCES = 1e-8
STEP = 1e-3


def differences(function, at):
    """Derivatives of the fourth order, one row for each parameter."""
    rows = []
    for place in range(len(at)):
        step = np.zeros(len(at))
        step[place] = STEP
        near = function(at + step) - function(at - step)
        far = function(at + 2 * step) - function(at - 2 * step)
        rows.append((8 * near - far) / (12 * STEP))
    return np.array(rows)


def dense_height(y, X, R, region, b, L, sigma, *, restricted):
    """Log-likelihood with the covariance matrix of each region written out."""
    height, information = 0.0, np.zeros((X.shape[1], X.shape[1]))
    for each in np.unique(region):
        i = region == each
        V = R[i] @ L @ L.T @ R[i].T + sigma**2 * np.eye(i.sum())
        height += stats.multivariate_normal.logpdf(y[i], X[i] @ b, V)
        information += X[i].T @ np.linalg.solve(V, X[i])
    if restricted:
        height += X.shape[1] / 2 * np.log(2 * np.pi) - np.linalg.slogdet(information)[1] / 2
    return height


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_height_of_the_linear_model_is_that_of_dense_matrices(method: str) -> None:
    y, _, x, region = drawn(1, regions=6)
    sample = sample_of(y, plain(x=x), region, slopes="x", method=method)
    hill = Normal(sample, regions_of(sample), is_restricted=method == "reml")
    b, L, sigma = np.array([0.2, 0.5]), np.array([[0.9, 0], [0.3, 0.6]]), 1.3
    working = regions_of(sample).scale[:, None] * L
    parameters = np.r_[
        np.linalg.solve(sample.back, b), working[[0, 1, 1], [0, 0, 1]], np.log(sigma)
    ]
    X = np.column_stack([np.ones(len(y)), x])
    by_hand = dense_height(y, X, X, region, b, L, sigma, restricted=method == "reml")
    assert hill.height(parameters)[0] == pytest.approx(by_hand, rel=ROUNDING)


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("slopes", ["", "x"])
def test_derivatives_of_the_linear_model_are_those_of_differences(method, slopes) -> None:
    y, _, x, region = drawn(2, regions=12)
    sample = sample_of(y, plain(x=x), region, slopes=slopes, method=method)
    hill = Normal(sample, regions_of(sample), is_restricted=method == "reml")
    at = np.array([0.1, 0.6, 0.7, *([0.2, 0.4] if slopes else []), 0.1])
    gradient = differences(lambda p: hill.height(p)[0], at)
    assert hill.height(at)[1] == pytest.approx(gradient, abs=DIFFERENCES)
    curvature = differences(lambda p: hill.height(p)[1], at)
    assert hill.curvature(at) == pytest.approx(curvature, abs=DIFFERENCES)
    assert hill.scores(at).sum(axis=0) == pytest.approx(hill.height(at)[1], abs=1e-10)


def weighted_logs(y, predictor, spread, within, region, density):
    """Logarithms of the weighted integrals of regions, by adaptive integration."""
    result = []
    for each in np.unique(region):
        i = region == each

        def inside(v, i=i):
            return np.exp(
                within[i] @ density(y[i], predictor[i] + spread * v) + 20
            ) * stats.norm.pdf(v)

        result.append(np.log(integrate.quad(inside, -8, 8, epsabs=0, epsrel=1e-12)[0]) - 20)
    return np.array(result)


def test_weighted_linear_height_is_the_integral_of_weighted_densities() -> None:
    firms = made_firms()[:60]
    sample = sample_of(
        firms["growth"],
        made_matrix(firms),
        firms["region"],
        design=made_design(firms),
        within=firms["within"],
        method="ml",
        scaling="effective",
    )
    hill = Normal(sample, regions_of(sample), is_restricted=False)
    b, spread, sigma = np.array([0.3, 0.5, 0.4, 0.5, 0.2]), 0.8, 1.2
    within, region = firms["within"].to_numpy(), firms["region"].to_numpy()
    scaled = np.concatenate(
        [
            within[region == each]
            * within[region == each].sum()
            / (within[region == each] ** 2).sum()
            for each in np.unique(region)
        ]
    )
    logs = weighted_logs(
        firms["growth"].to_numpy(),
        sample.X @ b,
        spread,
        scaled,
        region,
        lambda y, mean: stats.norm.logpdf(y, mean, sigma),
    )
    W = firms.groupby("region")["region_weight"].first() / np.mean(made_design(firms).weight)
    parameters = np.r_[np.linalg.solve(sample.back, b), spread, np.log(sigma)]
    assert hill.height(parameters)[0] == pytest.approx(float(W @ logs), rel=1e-9)


def test_weighted_logit_height_is_the_integral_of_weighted_probabilities() -> None:
    firms = made_firms()[:60]
    sample = sample_of(
        firms["product"],
        made_matrix(firms),
        firms["region"],
        estimator=LOGIT,
        design=made_design(firms),
        within=firms["within"],
    )
    hill = LogitIntegrals(sample, regions_of(sample), nodes(31, 1))
    b, spread = np.array([0.3, 0.5, 0.4, 0.5, 0.2]), 0.8
    within, region = firms["within"].to_numpy(), firms["region"].to_numpy()
    scaled = within / firms.groupby("region")["within"].transform("mean").to_numpy()
    logs = weighted_logs(
        firms["product"].to_numpy(dtype=float),
        sample.X @ b,
        spread,
        scaled,
        region,
        lambda y, eta: -np.log1p(np.exp(-(2 * y - 1) * eta)),
    )
    W = firms.groupby("region")["region_weight"].first() / np.mean(made_design(firms).weight)
    parameters = np.r_[np.linalg.solve(sample.back, b), spread]
    assert hill.height(parameters)[0] == pytest.approx(float(W @ logs), rel=1e-9)


@pytest.mark.parametrize("points", [1, 2, 5])
@pytest.mark.parametrize("slopes", ["", "x", "x,z"])
def test_derivatives_of_the_quadrature_are_those_of_differences(points: int, slopes: str) -> None:
    _, y, x, region = drawn(3, regions=15)
    z = np.random.default_rng(4).normal(size=len(x))
    sample = sample_of(y, plain(x=x, z=z), region, estimator=LOGIT, slopes=slopes)
    regions = regions_of(sample)
    hill = LogitIntegrals(sample, regions, nodes(points, len(regions.columns)))
    triangle = {"": [0.8], "x": [0.8, 0.2, 0.6], "x,z": [0.8, 0.2, -0.3, 0.6, 0.1, 0.5]}[slopes]
    at = np.array([0.2, 0.6, -0.1, *triangle])
    assert hill.height(at)[1] == pytest.approx(
        differences(lambda p: hill.height(p)[0], at), abs=DIFFERENCES
    )
    assert hill.curvature(at) == pytest.approx(
        differences(lambda p: hill.height(p)[1], at), abs=DIFFERENCES
    )
    assert hill.scores(at).sum(axis=0) == pytest.approx(hill.height(at)[1], abs=1e-10)


def test_nodes_are_those_of_mode_and_curvature() -> None:
    _, y, x, region = drawn(5, regions=4, size=6)
    sample = sample_of(y, plain(x=x), region, estimator=LOGIT)
    hill = LogitIntegrals(sample, regions_of(sample), nodes(3, 1))
    b, spread = np.array([0.1, 0.8]), 0.9
    total = 0.0
    for each in range(4):
        i = region == each
        eta, v = b[0] + b[1] * x[i], 0.0
        for _ in range(50):
            p = 1 / (1 + np.exp(-eta - spread * v))
            curvature = 1 + spread**2 * (p * (1 - p)).sum()
            v += (spread * (y[i] - p).sum() - v) / curvature
        area = 0.0
        for place, weight in ((-np.sqrt(3), 1 / 6), (0, 2 / 3), (np.sqrt(3), 1 / 6)):
            at = v + place / np.sqrt(curvature)
            chance = 1 / (1 + np.exp(-eta - spread * at))
            inside = np.prod(np.where(y[i] == 1, chance, 1 - chance)) * np.exp(-(at**2) / 2)
            area += weight * inside * np.exp(place**2 / 2) / np.sqrt(curvature)
        total += np.log(area)
    parameters = np.r_[np.linalg.solve(sample.back, b), spread]
    assert hill.height(parameters)[0] == pytest.approx(total, rel=ROUNDING)


def test_curve_of_the_average_over_regions_has_the_derivatives_of_differences() -> None:
    at = np.array([0.4, 0.9, -0.5])

    def value(eta):
        return population_averaged(eta[:, None]).value[0]

    def slope(eta):
        return population_averaged(eta[:, None]).slope[:, 0]

    curve = population_averaged(at[:, None])
    assert curve.slope[:, 0] == pytest.approx(differences(value, at), abs=DIFFERENCES)
    assert curve.bend[:, :, 0] == pytest.approx(differences(slope, at), abs=DIFFERENCES)


def test_coefficients_are_generalised_least_squares_with_the_sandwich_of_regions() -> None:
    y, _, x, region = drawn(6, regions=20)
    fitted = model(y, plain(x=x), region, covariance="cluster", design=_by_region(region))
    derived = dict(zip(fitted.derived.terms, fitted.derived.coefficients, strict=True))
    X = np.column_stack([np.ones(len(y)), x])
    information, right, meat = np.zeros((2, 2)), np.zeros(2), np.zeros((2, 2))
    blocks = []
    for each in range(20):
        i = region == each
        V = derived["region_variance"] + derived["residual_variance"] * np.eye(i.sum())
        blocks.append((X[i], np.linalg.inv(V), y[i]))
        information += X[i].T @ blocks[-1][1] @ X[i]
        right += X[i].T @ blocks[-1][1] @ y[i]
    b = np.linalg.solve(information, right)
    for part, inverse, outcome in blocks:
        score = part.T @ inverse @ (outcome - part @ b)
        meat += np.outer(score, score)
    bread = np.linalg.inv(information)
    factor = 20 / 19 * (len(y) - 1) / (len(y) - 4)
    assert fitted.estimates.coefficients[:2] == pytest.approx(b, rel=1e-10)
    assert fitted.estimates.covariance[:2, :2] == pytest.approx(
        factor * bread @ meat @ bread, rel=1e-8
    )


def _by_region(region):
    return survey_design(count=len(region), cluster=region)
