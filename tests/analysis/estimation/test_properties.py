"""What must hold for every sample."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    design_matrix,
)
from tests.analysis.estimation.small import drawn, fitted, plain

SEEDS = st.integers(0, 10_000)
ESTIMATORS = st.sampled_from(["linear", "logit", "probit"])
SAME = 1e-8

few = settings(max_examples=15, deadline=None)


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


def same(first, second) -> bool:
    return all(
        np.allclose(a.coefficients, b.coefficients, rtol=SAME, atol=1e-12)
        and np.allclose(a.covariance, b.covariance, rtol=SAME, atol=1e-12)
        for a, b in ((first.estimates, second.estimates), (first.margins, second.margins))
    )


@few
@given(SEEDS, ESTIMATORS, st.sampled_from(["HC1", "cluster", "design"]), st.floats(1e-3, 1e3))
def test_the_unit_of_the_weights_changes_nothing(seed, estimator, covariance, unit) -> None:
    y, matrix, design = drawn(seed)
    rescaled = replace(design, weight=design.weight * unit)
    choices = {"estimator": estimator, "covariance": covariance}

    assert same(
        fitted(y, matrix, design=design, **choices), fitted(y, matrix, design=rescaled, **choices)
    )


@few
@given(SEEDS, ESTIMATORS)
def test_the_order_of_the_firms_changes_nothing(seed, estimator) -> None:
    y, matrix, design = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    choices = {"estimator": estimator, "covariance": "design"}

    assert same(
        fitted(y, matrix, design=design, **choices),
        fitted(y[order], taken(matrix, order), design=part(design, order), **choices),
    )


@few
@given(SEEDS, ESTIMATORS)
def test_weight_zero_is_the_same_as_outside_the_subpopulation(seed, estimator) -> None:
    y, matrix, design = drawn(seed)
    domain = np.random.default_rng(seed).random(len(y)) < 0.7
    silenced = replace(design, weight=np.where(domain, design.weight, 0.0))
    choices = {"estimator": estimator, "covariance": "design"}

    by_weight = fitted(y, matrix, design=silenced, **choices)
    by_domain = fitted(y, matrix, design=design, domain=domain, **choices)

    assert same(by_weight, by_domain)
    assert by_weight.estimates.residual_df == by_domain.estimates.residual_df
    assert (by_weight.n, by_weight.population) == (by_domain.n, by_domain.population)


@few
@given(SEEDS, ESTIMATORS)
def test_a_missing_answer_is_the_same_as_outside_the_subpopulation(seed, estimator) -> None:
    y, matrix, design = drawn(seed)
    answered = np.random.default_rng(seed).random(len(y)) < 0.8
    choices = {"estimator": estimator, "covariance": "design", "design": design}

    assert same(
        fitted(np.where(answered, y, np.nan), matrix, **choices),
        fitted(y, matrix, domain=answered, **choices),
    )


@few
@given(SEEDS, ESTIMATORS)
def test_a_firm_split_in_two_within_its_cluster_changes_nothing(seed, estimator) -> None:
    y, matrix, design = drawn(seed)
    twice = np.repeat(np.arange(len(y)), 2)
    halved = part(design, twice)
    halved = replace(halved, weight=halved.weight / 2)
    choices = {"estimator": estimator, "covariance": "design"}

    assert same(
        fitted(y, matrix, design=design, **choices),
        fitted(y[twice], taken(matrix, twice), design=halved, **choices),
    )


@few
@given(SEEDS, st.integers(-6, 6))
def test_the_unit_of_a_regressor_changes_its_coefficient_and_nothing_else(seed, power) -> None:
    y, _, _ = drawn(seed)
    x = np.random.default_rng(seed).normal(size=len(y))
    unit = 10.0**power

    first = fitted(y, plain(x=x)).estimates
    second = fitted(y, plain(x=x * unit)).estimates

    assert second.coefficients == pytest.approx(first.coefficients / [1, unit], rel=1e-7)
    assert second.statistics == pytest.approx(first.statistics, rel=1e-7)


@few
@given(SEEDS, ESTIMATORS)
def test_where_a_curve_has_its_origin_does_not_matter_to_its_bend(seed, estimator) -> None:
    # From the year 0 the years and their squares are all but equal: a trial of the arithmetic.
    y, _, _ = drawn(seed)
    since = np.random.default_rng(seed).integers(0, 12, len(y)).astype(float)

    near = fitted(y, curve(since), estimator=estimator)
    far = fitted(y, curve(2000 + since), estimator=estimator)

    bend, error = near.estimates.coefficients[2], near.estimates.std_errors[2]
    assert near.margins is not None
    assert far.margins is not None
    assert far.dropped == ()
    assert far.estimates.coefficients[2] == pytest.approx(bend, abs=1e-8 * error)
    assert far.estimates.std_errors[2] == pytest.approx(error, rel=1e-8)
    assert far.margins.std_errors == pytest.approx(near.margins.std_errors, rel=1e-8)


@pytest.mark.parametrize("estimator", ["logit", "probit"])
def test_where_a_steep_rise_lies_does_not_matter_to_its_steepness(estimator) -> None:
    # Only firms near 10,000 tell anything: there the regressor is all but a constant.
    size = np.linspace(0, 20_000, 2001)
    y = (size + np.random.default_rng(10).logistic(scale=40, size=2001) > 10_000).astype(float)

    near = fitted(y, plain(size=size - 10_000), estimator=estimator).estimates
    far = fitted(y, plain(size=size), estimator=estimator).estimates

    assert far.coefficients[1] == pytest.approx(near.coefficients[1], rel=1e-11)
    assert far.std_errors[1] == pytest.approx(near.std_errors[1], rel=1e-11)


def curve(values: np.ndarray) -> DesignMatrix:
    columns = (
        Column(INTERCEPT),
        Column("year", (Factor("year"),)),
        Column("year^2", (Factor("year", "power", exponent=2),)),
    )
    return design_matrix(columns, {"year": values}, {"year": "continuous"})


def test_filtering_first_gives_other_standard_errors_than_a_subpopulation() -> None:
    # The negative control: were the domain only a filter, these would agree.
    y, matrix, design = drawn(7)
    domain = np.random.default_rng(7).random(len(y)) < 0.25

    right = fitted(y, matrix, covariance="design", design=design, domain=domain).estimates
    wrong = fitted(
        y[domain], taken(matrix, domain), covariance="design", design=part(design, domain)
    ).estimates

    assert wrong.coefficients == pytest.approx(right.coefficients)
    assert np.all(np.abs(wrong.std_errors / right.std_errors - 1) > 0.001)


def test_whole_number_weights_move_estimates_as_repeated_firms_would_and_not_their_errors() -> None:
    y, matrix, _ = drawn(8)
    times = np.random.default_rng(8).integers(1, 6, len(y))
    repeated = np.repeat(np.arange(len(y)), times)

    weighted = fitted(y, matrix, design=survey_design(count=len(y), weight=times)).estimates
    inflated = fitted(y[repeated], taken(matrix, repeated)).estimates

    assert weighted.coefficients == pytest.approx(inflated.coefficients, rel=1e-8)
    assert np.all(weighted.std_errors > 1.3 * inflated.std_errors)


def test_enumerating_all_strata_but_one_leaves_the_doubt_of_that_one() -> None:
    y, matrix, design = drawn(9)
    drawn_of = dict(zip(design.stratum_labels, design.clusters_in_stratum, strict=True))
    open_stratum = design.stratum_labels[0]
    population = np.array(
        [drawn_of[str(s)] * (3.0 if str(s) == open_stratum else 1.0) for s in design.stratum]
    )
    census = replace(design, population=population)

    free = fitted(y, matrix, covariance="design", design=design).estimates.std_errors
    bound = fitted(y, matrix, covariance="design", design=census).estimates.std_errors

    assert np.all(bound > 0)
    assert np.all(bound < free)
