"""What must hold of every generalised linear model."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.curves import estimate_each
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import estimate
from analysis.refusals import Refusal
from tests.analysis.estimation.core.made_samples import ESTIMATORS, sampled, solved
from tests.analysis.estimation.small import plain

# Rounding of sums of some hundred firms in another order.
SAME = 1e-9
# Two fits that each stop within 1e-10 standard errors of the summit.
CONVERGED = 1e-8

few = settings(max_examples=4, deadline=None)
seeds = given(seed=st.integers(0, 10_000))


def same(first: Estimates, second: Estimates, rel: float = SAME) -> bool:
    return (
        first.terms == second.terms
        and first.residual_df == second.residual_df
        and np.allclose(first.coefficients, second.coefficients, rtol=rel, atol=1e-12)
        and np.allclose(first.std_errors, second.std_errors, rtol=rel, atol=0)
        and np.allclose(correlations(first), correlations(second), rtol=0, atol=rel)
    )


def correlations(estimates: Estimates) -> np.ndarray:
    """Of the estimates with each other: of these, unlike of covariances, zero is a size."""
    return estimates.covariance / np.outer(estimates.std_errors, estimates.std_errors)


def taken(matrix: DesignMatrix, rows: np.ndarray) -> DesignMatrix:
    return replace(
        matrix,
        X=matrix.X[rows],
        variables={name: values[rows] for name, values in matrix.variables.items()},
    )


def part(design: SurveyDesign, rows: np.ndarray) -> SurveyDesign:
    assert design.population is not None
    return SurveyDesign(
        design.weight[rows], design.stratum[rows], design.cluster[rows], design.population[rows]
    )


@pytest.mark.parametrize("estimator", ESTIMATORS)
@few
@seeds
def test_the_unit_of_the_weights_changes_nothing(estimator: str, seed: int) -> None:
    y, matrix, design = sampled(estimator, seed)
    rescaled = replace(design, weight=1234.5 * design.weight)

    for kind in ("HC0", "HC3", "cluster", "design"):
        first = solved(y, matrix, estimator, design=design, covariance=kind)
        second = solved(y, matrix, estimator, design=rescaled, covariance=kind)
        assert same(first.estimates, second.estimates)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@few
@seeds
def test_weights_that_are_all_alike_are_no_weights(estimator: str, seed: int) -> None:
    y, matrix, _ = sampled(estimator, seed)
    ones, threes = (survey_design(count=len(y), weight=np.full(len(y), w)) for w in (1.0, 3.0))

    free = solved(y, matrix, estimator).estimates

    assert same(free, solved(y, matrix, estimator, design=ones).estimates)
    assert same(free, solved(y, matrix, estimator, design=threes).estimates)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@few
@seeds
def test_the_order_of_the_firms_changes_nothing(estimator: str, seed: int) -> None:
    y, matrix, design = sampled(estimator, seed)
    order = np.random.default_rng(seed).permutation(len(y))

    for kind in ("HC2", "cluster", "design"):
        first = solved(y, matrix, estimator, design=design, covariance=kind)
        second = solved(
            y[order], taken(matrix, order), estimator, design=part(design, order), covariance=kind
        )
        assert same(first.estimates, second.estimates)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_a_regressor_changes_its_coefficient_alone(estimator: str, unit: float) -> None:
    y, matrix, design = sampled(estimator, 21)
    x, z = matrix.X[:, 1], matrix.X[:, 2]

    plainly = solved(y, matrix, estimator, design=design, covariance="HC3")
    scaled = solved(y, plain(x=x * unit, z=z), estimator, design=design, covariance="HC3")

    in_units = scaled.estimates.coefficients * [1, unit, 1]
    assert in_units == pytest.approx(plainly.estimates.coefficients, rel=SAME)
    assert scaled.estimates.statistics == pytest.approx(plainly.estimates.statistics, rel=SAME)
    first, second = plainly.margins(), scaled.margins()
    assert first.chosen.curve(first.predictors(first.matrices({}))).value == pytest.approx(
        second.chosen.curve(second.predictors(second.matrices({}))).value, rel=SAME
    )


@pytest.mark.parametrize("estimator", ESTIMATORS)
@few
@seeds
def test_every_firm_twice_with_half_its_weight(estimator: str, seed: int) -> None:
    y, matrix, design = sampled(estimator, seed)
    twice = np.repeat(np.arange(len(y)), 2)
    halved = part(design, twice)
    halved = replace(halved, weight=halved.weight / 2)

    once = solved(y, matrix, estimator, design=design, covariance="design")
    split = solved(y[twice], taken(matrix, twice), estimator, design=halved, covariance="design")

    assert same(once.estimates, split.estimates)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@few
@seeds
def test_a_replicate_is_a_fit_under_its_weights(estimator: str, seed: int) -> None:
    y, matrix, design = sampled(estimator, seed)
    fitted = solved(y, matrix, estimator, design=design).fitted
    sample, solution = fitted.sample, fitted.solution
    # Weights of a bootstrap: some firms not at all, some several times.
    times = np.random.default_rng(seed).multinomial(len(y), np.full(len(y), 1 / len(y)))
    again = sample.reweighted(design.weight * times)

    short = fitted.estimator.refitted(again, solution.coefficients)

    scale = np.sqrt(np.diag(solution.bread))
    assert short / scale == pytest.approx(
        fitted.estimator.solve(again, None).coefficients / scale, abs=CONVERGED
    )


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_start_near_the_answer_changes_nothing(estimator: str) -> None:
    y, matrix, design = sampled(estimator, 22)
    alike = solved(y, plain(x=matrix.X[:, 1]), estimator, design=design).estimates

    straight = solved(y, matrix, estimator, design=design)
    near = solved(y, matrix, estimator, design=design, near=alike)

    assert same(straight.estimates, near.estimates, CONVERGED)
    assert near.fitted.solution.fit_measures == pytest.approx(
        straight.fitted.solution.fit_measures, rel=SAME
    )


def each_alone(
    choices: list[tuple[str, ...]], y: np.ndarray, matrix: DesignMatrix, **settings: object
) -> Iterator[Estimates | Refusal]:
    places = {name: place for place, name in enumerate(matrix.names)}
    for names in choices:
        kept = [0, *(places[name] for name in names)]
        columns = tuple(matrix.columns[place] for place in kept)
        chosen = replace(matrix, columns=columns, X=matrix.X[:, kept])
        try:
            yield estimate(y=y, X=chosen, **settings).estimates
        except Refusal as refusal:
            yield refusal


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("covariance", ["HC1", "cluster", "design"])
def test_a_curve_is_its_models_one_by_one(estimator: str, covariance: str) -> None:
    y, matrix, design = sampled(estimator, 23)
    random = np.random.default_rng(230)
    more = {"u": random.normal(50, 1, len(y)), "v": random.exponential(size=len(y))}
    wide = plain(x=matrix.X[:, 1], z=matrix.X[:, 2], **more)
    choices = [names for size in range(4) for names in combinations(wide.names[1:], size)]
    settings = {
        "estimator": estimator,
        "covariance": covariance,
        "design": design,
        "domain": np.arange(len(y)) % 7 > 0,
    }

    together = list(estimate_each(choices, y=y, X=wide, **settings))

    for found, alone in zip(together, each_alone(choices, y, wide, **settings), strict=True):
        assert isinstance(found, Estimates)
        assert isinstance(alone, Estimates)
        assert same(found, alone, CONVERGED)


@pytest.mark.parametrize("estimator", ["logit", "probit", "cloglog"])
def test_a_curve_refuses_what_its_models_refuse(estimator: str) -> None:
    y, matrix, design = sampled(estimator, 24)
    rare = np.zeros(len(y))
    rare[np.flatnonzero(y == 1)[:6]] = 1
    wide = plain(x=matrix.X[:, 1], rare=rare)
    settings = {
        "estimator": estimator,
        "covariance": "HC1",
        "design": design,
        "domain": np.ones(len(y), dtype=bool),
    }

    fine, separated = estimate_each([("x",), ("x", "rare")], y=y, X=wide, **settings)

    assert isinstance(fine, Estimates)
    assert isinstance(separated, Refusal)
    assert (separated.code, "rare" in separated.message) == ("separation", True)


# Moments are summed 4,096 firms at a time.
@pytest.mark.parametrize("n", [1, 4095, 4096, 4097, 8191, 8192, 8193])
def test_moments_are_the_same_however_many_firms(n: int) -> None:
    random = np.random.default_rng(n)
    X, w = random.normal(size=(n, 3)), random.uniform(0.5, 2, n)

    moments = weighted_moments(np.asfortranarray(X), w)

    np.testing.assert_allclose(moments, np.einsum("i,ij,ik->jk", w, X, X), rtol=1e-11, atol=1e-10)


@pytest.mark.parametrize("n", [4095, 4096, 4097])
@pytest.mark.parametrize("estimator", ["linear", "logit"])
def test_fits_at_the_edge_of_a_chunk(estimator: str, n: int) -> None:
    y, matrix, design = sampled(estimator, 25, n)
    X, w = matrix.X, design.weight

    beta = solved(y, matrix, estimator, design=design).estimates.coefficients

    mean = X @ beta if estimator == "linear" else 1 / (1 + np.exp(-X @ beta))
    assert np.abs(X.T @ (w * (y - mean))).max() < 1e-8
