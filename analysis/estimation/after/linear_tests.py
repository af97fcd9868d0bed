"""Tests of least squares and of the linear predictor: unequal variances, left-out powers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy import stats

from analysis.estimation.after.fitted_values import RESPONSES, refuse_other_estimators
from analysis.estimation.after.refitting import refitted_with, with_variables
from analysis.estimation.after.wald import WaldTest, zero_test
from analysis.estimation.design_matrix import INTERCEPT, DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

LEAST_SQUARES = ("linear",)
TESTS_WITH_A_DESIGN = ("design", "cluster", "replicate")


@dataclass(frozen=True, slots=True)
class VarianceTest:
    """Whether the squared residuals of least squares follow the terms.

    Attributes
    ----------
    statistic : n R² of the auxiliary regression, or F of its terms under a design
    denominator_df : of F; ``inf`` for chi-square
    """

    statistic: float
    df: int
    denominator_df: float
    p_value: float


def breusch_pagan(model: Model) -> VarianceTest:
    """Koenker's (1981) form of Breusch and Pagan's (1979) test: squared residuals on the terms.

    n R², chi-square, for firms without weights or clusters; under weights or a design the
    Wald F of the terms in the auxiliary regression, under the model's covariance.

    Raises: Refusal ``measure_not_defined``, ``no_terms``.
    """
    refuse_other_estimators(model, LEAST_SQUARES, "A test for unequal variances")
    return _variance_test(model, with_variables(model, {}))


def white(model: Model) -> VarianceTest:
    """White's (1980) test: squared residuals on the terms, their squares and products.

    As `breusch_pagan` else. A product that follows from others is left out.

    Raises: Refusal ``measure_not_defined``, ``no_terms``, ``too_few_rows``.
    """
    refuse_other_estimators(model, LEAST_SQUARES, "A test for unequal variances")
    sample = model.fitted.sample
    X = sample.X[:, 1:]
    # Centred and to one scale: the same space, far from collinear.
    standard = (X - X.mean(axis=0)) / X.std(axis=0)
    products = {
        f"product {first + 1}, {second + 1}": standard[:, first] * standard[:, second]
        for first, second in combinations_with_replacement(range(X.shape[1]), 2)
    }
    return _variance_test(model, with_variables(model, products))


def _variance_test(model: Model, matrix: DesignMatrix) -> VarianceTest:
    sample = model.fitted.sample
    residual = sample.y - model.fitted.solution.linear_predictors[0]
    squared: Floats = residual**2 / np.average(residual**2, weights=sample.weight)
    if len(matrix.columns) == 1:
        raise Refusal(
            "no_terms", "The model has no terms beside the intercept.", "Estimate one that has."
        )
    auxiliary = refitted_with(model, matrix, y=squared)
    terms = [name for name in auxiliary.estimates.terms if name != INTERCEPT]
    if model.covariance_type in TESTS_WITH_A_DESIGN or model.fitted.design.is_weighted:
        test = zero_test(auxiliary.estimates, terms)
        return VarianceTest(test.statistic, test.numerator_df, test.denominator_df, test.p_value)
    r_squared = auxiliary.fitted.solution.fit_measures["r_squared"]
    statistic = len(squared) * r_squared
    p_value = float(stats.chi2.sf(statistic, len(terms)))
    return VarianceTest(statistic, len(terms), np.inf, p_value)


def reset_test(model: Model, powers: Sequence[int] = (2, 3)) -> WaldTest:
    """Ramsey's (1969) RESET: whether powers of the linear predictor add to the model.

    A Wald test under the model's covariance; of least squares with model-based errors it is
    the F-test. Works for every model of one linear predictor.

    Raises: Refusal ``measure_not_defined``, ``powers_add_nothing``.
    """
    refuse_other_estimators(model, tuple(RESPONSES), "RESET")
    predictor = model.fitted.solution.linear_predictors[0]
    standard = (predictor - predictor.mean()) / (predictor.std() or 1.0)
    extra = {f"predictor^{power}": standard**power for power in powers}
    estimates = refitted_with(model, with_variables(model, extra)).estimates
    kept = [name for name in extra if name in estimates.terms]
    if not kept:
        raise Refusal(
            "powers_add_nothing",
            "Powers of the predictor follow from the terms: the model distinguishes each "
            "combination of them already.",
            "There is nothing to test.",
        )
    return zero_test(estimates, kept)
