"""Tests that something is missing from a model of yes or no, or from its linear predictor."""

from dataclasses import dataclass
from math import isinf

import numpy as np
from scipy import stats

from analysis.estimation.after.fitted_values import (
    BINARY,
    RESPONSES,
    fitted_values,
    refuse_other_estimators,
    refuse_weights,
)
from analysis.estimation.after.goodness import mean_residuals, risk_groups
from analysis.estimation.after.refitting import refitted_with, with_variables
from analysis.estimation.after.wald import quadratic_form
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import Model
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class FitTest:
    """A test of the hypothesis that the model is right.

    Attributes
    ----------
    wald : the statistic before it is brought to F; the same for chi-square
    denominator_df : of F; ``inf`` for chi-square
    groups : of predicted probability, as far as the test makes any
    """

    wald: float
    statistic: float
    numerator_df: float
    denominator_df: float
    p_value: float
    groups: int = 0


def hosmer_lemeshow(model: Model, groups: int = 10) -> FitTest:
    r"""Hosmer and Lemeshow's (1980) test, for firms that are a simple random sample.

    Raises: Refusal ``measure_not_defined``, ``not_under_weights``, ``too_few_groups``.

    Notes
    -----
    .. math:: \sum_j \frac{(O_j - E_j)^2}{n_j \bar p_j (1 - \bar p_j)} \sim \chi^2_{g - 2}
    """
    values = fitted_values(model, BINARY, "The test of Hosmer and Lemeshow")
    refuse_weights(
        model,
        "The test of Hosmer and Lemeshow",
        "Ask for the test of Archer and Lemeshow, which allows for the design.",
    )
    group = risk_groups(values, groups)
    size = np.bincount(group)
    observed, expected = np.bincount(group, values.y), np.bincount(group, values.mean)
    statistic = float(np.sum((observed - expected) ** 2 / (expected * (1 - expected / size))))
    df = len(size) - 2
    return FitTest(statistic, statistic, df, np.inf, float(stats.chi2.sf(statistic, df)), len(size))


def archer_lemeshow(model: Model, groups: int = 10) -> FitTest:
    r"""The F-adjusted mean residual test of Archer and Lemeshow (2006).

    Mean residuals M of g groups of rising probability and equal weight, with their covariance
    under the design, predictions taken as given; f sampled units less strata. Where the
    model's standard errors know no design W is chi-square with g - 1.

    Raises
    ------
    Refusal
        ``measure_not_defined``, ``too_few_groups``, ``no_degrees_of_freedom``,
        ``covariance_singular``, those of `spread_of`.

    Notes
    -----
    .. math:: W = M' V(M)^{-1} M, \quad F = \frac{f - g + 2}{f g} W \sim F(g - 1, f - g + 2)
    """
    values = fitted_values(model, BINARY, "The test of Archer and Lemeshow")
    group = risk_groups(values, groups)
    residuals, spread = mean_residuals(model, values, group)
    count, freedom = len(residuals), spread.degrees_of_freedom
    if freedom - count + 2 <= 0:
        raise Refusal(
            "no_degrees_of_freedom",
            f"The design has {freedom:g} degrees of freedom, too few for {count} groups.",
            "Ask for fewer groups.",
        )
    words = [f"group {number}" for number in range(1, count + 1)]
    wald = quadratic_form(residuals, spread.covariance, words)
    if isinf(freedom):
        return FitTest(wald, wald, count - 1, freedom, float(stats.chi2.sf(wald, count - 1)), count)
    rest = freedom - count + 2
    statistic = rest / (freedom * count) * wald
    p_value = float(stats.f.sf(statistic, count - 1, rest))
    return FitTest(wald, statistic, count - 1, rest, p_value, count)


@dataclass(frozen=True, slots=True)
class LinkTest:
    """Whether the square of the linear predictor adds to it.

    Attributes
    ----------
    estimates : of the model on ``predictor`` and ``predictor^2``, the former of mean 0
    statistic : t of the square
    """

    estimates: Estimates
    statistic: float
    residual_df: float
    p_value: float


def link_test(model: Model) -> LinkTest:
    """Pregibon's (1980) test of the link: the model again, on its predictor and the square.

    Under the covariance of the model.

    Raises: Refusal ``measure_not_defined``; those of the estimator.
    """
    refuse_other_estimators(model, tuple(RESPONSES), "The link test")
    predictor = model.fitted.solution.linear_predictors[0]
    centred = predictor - predictor.mean()
    matrix = with_variables(
        model, {"predictor": centred, "predictor^2": centred**2}, keeps_terms=False
    )
    estimates = refitted_with(model, matrix).estimates
    if "predictor^2" not in estimates.terms:
        raise Refusal(
            "no_second_slope",
            "The predictor takes two values only, so its square says nothing beside it.",
            "A model of one binary term fits whatever the link.",
        )
    place = estimates.terms.index("predictor^2")
    return LinkTest(
        estimates,
        float(estimates.statistics[place]),
        estimates.residual_df,
        float(estimates.p_values[place]),
    )
