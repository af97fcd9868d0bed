"""What must hold of what is pooled from imputations."""

import numpy as np
import pytest

from analysis.estimation.estimates import Estimates
from analysis.estimation.imputation import (
    fit_imputed,
    imputations_needed,
    joint_test,
    pool,
)
from analysis.estimation.margins import average_marginal_effects
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed, of, plainly


def estimates(*values: float, variance: float = 1.0, df: float = 50.0) -> list[Estimates]:
    return [
        Estimates(("a", "b"), np.array([value, -value]), variance * np.eye(2), df)
        for value in values
    ]


def test_imputations_that_agree_add_no_variance() -> None:
    pooled = pool(estimates(0.3, 0.3, 0.3))

    assert np.array_equal(pooled.covariance, np.eye(2))
    assert pooled.residual_df == pytest.approx(51 / 53 * 50)
    assert pooled.relative_increase == pytest.approx(0)


def test_without_a_limit_agreeing_imputations_are_normal() -> None:
    pooled = pool(estimates(0.3, 0.3, df=np.inf))

    assert np.isinf(pooled.residual_df).all()
    assert pooled.estimates.intervals()[0] == pytest.approx(
        [0.3 - 1.959964, 0.3 + 1.959964], abs=1e-6
    )


def test_the_smallest_complete_degrees_of_freedom_count() -> None:
    few, many = estimates(0.3, df=20), estimates(0.5, df=50)

    assert pool([*few, *many]).complete_df == 20
    assert pool([*few, *many], complete_df=35).complete_df == 35


def test_estimates_of_a_pool_have_degrees_of_freedom_of_their_own() -> None:
    each = [
        Estimates(("a", "b"), np.array([value, 1.0]), np.eye(2), 100) for value in (0.0, 1.0, 3.0)
    ]

    pooled = pool(each)

    assert np.array_equal(pooled.estimates.degrees_of_freedom, pooled.residual_df)
    assert pooled.estimates.residual_df == pooled.residual_df[0] < pooled.residual_df[1]


def test_a_joint_test_of_one_term_is_its_t_squared() -> None:
    pooled = pool(estimates(0.3, 0.9, 1.4, 0.8))

    test = joint_test(pooled, "a")

    assert test.statistic == pytest.approx(pooled.estimates.statistics[0] ** 2)
    assert test.p_value == pytest.approx(pooled.estimates.p_values[0])


@pytest.mark.parametrize(("count", "df"), [(2, 50.0), (3, np.inf), (9, np.inf), (9, 3.0)])
def test_joint_tests_have_a_denominator_for_every_size(count: int, df: float) -> None:
    values = np.random.default_rng(0).normal(size=count)

    test = joint_test(pool(estimates(*values, df=df)), ["a", "b"])

    assert test.denominator_df > 0
    assert 0 < test.p_value < 1


def test_joint_tests_of_agreeing_imputations_are_those_of_complete_data() -> None:
    test = joint_test(pool(estimates(*[0.3] * 8, df=np.inf)), ["a", "b"])

    assert np.isinf(test.denominator_df)
    assert test.statistic == pytest.approx(0.09)


def test_more_missing_information_needs_more_imputations() -> None:
    little, much = pool(estimates(0.3, 0.4, 0.35)), pool(estimates(0.3, 2.4, 1.2))

    assert 2 <= imputations_needed(little) < imputations_needed(much)


def test_a_note_says_when_imputations_are_too_few() -> None:
    few = pool(estimates(0.3, 1.4, 0.9))
    enough = pool(estimates(*[0.3, 0.31] * 15))

    assert "fewer than 100 times" in few.notes[1]
    assert len(enough.notes) == 1


def test_margins_and_covariances_of_imputed_models_are_pooled() -> None:
    found = fit_imputed(
        imputed(drawn()),
        lambda known: (known["b"], of(known, "x", "a")),
        estimator="logit",
        covariance="model",
        design=plainly(300),
        domain=lambda known: known["x"] > -2,
    )

    margins, robust = found.margins(), found.under("HC1").pooled

    assert margins is not None
    each = [average_marginal_effects(model.margins()) for model in found.models]
    assert margins.coefficients == pytest.approx(
        np.mean([one.coefficients for one in each if one is not None], axis=0)
    )
    assert robust.coefficients == pytest.approx(found.pooled.coefficients)
    assert np.all(robust.estimates.std_errors != found.pooled.estimates.std_errors)
    assert found.notes[0].startswith("Pooled over 3 imputations")


def test_derived_parameters_are_pooled_where_there_are_any() -> None:
    data = drawn()
    count = np.random.default_rng(1).negative_binomial(2, 0.4, 300).astype(float)

    found = fit_imputed(
        imputed(data, count=2),
        lambda known: (count, of(known, "a")),
        estimator="negative_binomial",
        covariance="model",
        design=plainly(300),
    )

    assert found.derived is not None
    assert found.derived.terms == found.models[0].derived.terms


def test_nothing_missing_needs_two_imputations() -> None:
    assert imputations_needed(pool(estimates(0.3, 0.3, df=np.inf))) == 2
