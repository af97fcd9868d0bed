"""Average marginal effects, with their covariance by the delta method."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design_matrix import Values, derivative, evaluate
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.responses import RESPONSES
from analysis.estimation.sample import Sample


@dataclass(frozen=True, slots=True)
class Effect:
    """One average effect: its name, value, and derivative by the k coefficients."""

    term: str
    value: float
    gradient: Floats


def average_marginal_effects(
    *, coefficients: Floats, covariance: Floats, residual_df: float, sample: Sample, estimator: str
) -> Estimates | None:
    """Average over the firms of the sample, under their weights, of each variable's effect.

    A continuous variable: the total derivative of the expected outcome, through every column
    that reads the variable. A binary variable: the change from 0 to 1. A category: the change
    from its base to each level, named ``variable[level]``.

    Coefficients and their covariance V are in the sample's coordinates Z. Covariates are taken
    as they are in the sample: the covariance is that of the coefficients alone, ``J V J'`` with
    the analytic Jacobian J. None if the model has an intercept only.
    """
    effects = tuple(_effects(sample.back @ coefficients, sample, estimator))
    if not effects:
        return None
    jacobian = np.vstack([effect.gradient for effect in effects]) @ sample.back
    return Estimates(
        terms=tuple(effect.term for effect in effects),
        coefficients=np.array([effect.value for effect in effects]),
        covariance=jacobian @ covariance @ jacobian.T,
        residual_df=residual_df,
    )


def _effects(beta: Floats, sample: Sample, estimator: str) -> Iterator[Effect]:
    for variable in dict.fromkeys(name for column in sample.columns for name in column.variables):
        kind = sample.kinds[variable]
        if kind == "continuous":
            yield _slope(variable, beta, sample, estimator)
        elif kind == "binary":
            yield _change(variable, variable, (0.0, 1.0), beta, sample, estimator)
        else:
            base = sample.bases.get(variable)
            for level in _levels(variable, sample):
                name = f"{variable}[{level}]"
                yield _change(name, variable, (base, level), beta, sample, estimator)


def _levels(variable: str, sample: Sample) -> tuple[str, ...]:
    """Levels of the category with a column, other than its base."""
    levels = dict.fromkeys(
        factor.level
        for column in sample.columns
        for factor in column.factors
        if factor.variable == variable
    )
    levels.pop(sample.bases.get(variable, ""), None)
    return tuple(levels)


def _slope(variable: str, beta: Floats, sample: Sample, estimator: str) -> Effect:
    slopes = derivative(sample.columns, sample.variables, variable, count=len(sample.y))
    steepness = slopes @ beta
    share = sample.weight / sample.weight.sum()
    if estimator == "linear":
        return Effect(variable, float(share @ steepness), share @ slopes)
    response = RESPONSES[estimator]
    predictor = sample.X @ beta
    slope, bend = response.slope(predictor), response.bend(predictor)
    gradient = (share * bend * steepness) @ sample.X + (share * slope) @ slopes
    return Effect(variable, float(share @ (slope * steepness)), gradient)


def _change(
    name: str,
    variable: str,
    step: tuple[float | str | None, float | str | None],
    beta: Floats,
    sample: Sample,
    estimator: str,
) -> Effect:
    value, gradient = 0.0, np.zeros(len(beta))
    for sign, setting in zip((-1.0, 1.0), step, strict=True):
        X = _set_to(variable, setting, sample)
        predictor = X @ beta
        share = sign * sample.weight / sample.weight.sum()
        if estimator == "linear":
            value += float(share @ predictor)
            gradient = gradient + share @ X
        else:
            response = RESPONSES[estimator]
            value += float(share @ response.probability(predictor))
            gradient = gradient + (share * response.slope(predictor)) @ X
    return Effect(name, value, gradient)


def _set_to(variable: str, setting: float | str | None, sample: Sample) -> Floats:
    """(m, k) columns if every firm had the variable at the setting.

    A category set to None is at no level that has an indicator.
    """
    count = len(sample.y)
    values: Values = (
        np.full(count, "" if setting is None else setting, dtype=object)
        if sample.kinds[variable] == "category"
        else np.full(count, setting, dtype=float)
    )
    return evaluate(sample.columns, {**sample.variables, variable: values}, count=count)
