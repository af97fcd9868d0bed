"""Whether counts vary more than the model says, and are zero as often."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from analysis.estimation.after.fitted_values import (
    fitted_values,
    refuse_other_estimators,
    spread_of,
)
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.regression import Model

Form = Literal["NB1", "NB2"]


@dataclass(frozen=True, slots=True)
class DispersionTest:
    """Whether the variance of a count is its mean.

    Attributes
    ----------
    alpha : of variance = mean + alpha g(mean), with g the mean (NB1) or its square (NB2)
    statistic : t
    p_value : one-sided, against more variance than the mean
    """

    alpha: float
    std_error: float
    statistic: float
    residual_df: float
    p_value: float


def dispersion_test(model: Model, form: Form = "NB2") -> DispersionTest:
    r"""Cameron and Trivedi's (1990) regression test of a Poisson's equal mean and variance.

    The regression without intercept of ((y - m)² - y) / m on g(m) / m. With model-based
    standard errors the t is that of least squares, as theirs; else it allows for what the
    model's standard errors allow for. That m is estimated plays no part in large samples.

    Raises: Refusal ``measure_not_defined``, those of `spread_of`.
    """
    values = fitted_values(model, ("poisson",), "A test of a Poisson's variance")
    excess = ((values.y - values.mean) ** 2 - values.y) / values.mean
    against = np.ones_like(values.mean) if form == "NB1" else values.mean
    square = float(values.weight @ against**2)
    alpha = float(values.weight @ (against * excess)) / square
    residual = excess - alpha * against
    if model.covariance_type == "model":
        freedom = np.inf
        variance = float(residual @ residual) / (len(residual) - 1) / square
    else:
        spread = spread_of(model, (against * residual / square)[:, None])
        variance, freedom = float(spread.covariance[0, 0]), spread.degrees_of_freedom
    statistic = alpha / variance**0.5
    p_value = float(stats.t.sf(statistic, freedom))
    return DispersionTest(alpha, variance**0.5, statistic, freedom, p_value)


def zero_share(model: Model) -> Estimates:
    """Share of firms with a count of zero: ``observed``, ``predicted`` and their ``difference``.

    Under weights, of the population. Standard errors allow for the coefficients' being
    estimated, so that t of the difference is a test of the model (a conditional moment test,
    Newey 1985).

    Raises: Refusal ``measure_not_defined``, those of `spread_of`.
    """
    refuse_other_estimators(model, ("poisson", "negative_binomial"), "The share of zeros")
    sample, solution = model.fitted.sample, model.fitted.solution
    probability, gradient = _zero_probability(model)
    share = sample.weight / sample.weight.sum()
    zero = (sample.y == 0).astype(float)
    observed, predicted = float(share @ zero), float(share @ probability)
    by_firm = np.column_stack([zero - observed, probability - predicted]) / sample.weight.sum()
    # Of the prediction, what moves the coefficients moves it too.
    by_firm[:, 1] += solution.scores @ solution.bread.T @ (share @ gradient)
    influence = np.column_stack([by_firm, by_firm[:, 0] - by_firm[:, 1]])
    spread = spread_of(model, influence)
    return Estimates(
        ("observed", "predicted", "difference"),
        np.array([observed, predicted, observed - predicted]),
        spread.covariance,
        spread.degrees_of_freedom,
    )


def _zero_probability(model: Model) -> tuple[Floats, Floats]:
    """(m,) probabilities of zero, and (m, k) derivatives by the working coefficients."""
    sample, solution = model.fitted.sample, model.fitted.solution
    mean = np.exp(solution.linear_predictors[0]) * sample.outcomes.get("exposure", 1.0)
    Z = sample.Z
    if model.fitted.estimator.name == "poisson":
        probability = np.exp(-mean)
        return probability, -(probability * mean)[:, None] * Z
    alpha = float(solution.derived[0].value)
    log_probability = -np.log1p(alpha * mean) / alpha
    probability = np.exp(log_probability)
    by_predictor = -probability * mean / (1 + alpha * mean)
    by_log_alpha = probability * (-log_probability - mean / (1 + alpha * mean))
    return probability, np.column_stack([by_predictor[:, None] * Z, by_log_alpha])
