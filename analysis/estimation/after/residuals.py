"""Residuals of models of one linear predictor."""

from typing import Literal

import numpy as np
from scipy import special, stats

from analysis.estimation.after.fitted_values import BINARY, RESPONSES, FittedValues, fitted_values
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

Kind = Literal["response", "pearson", "deviance", "quantile"]


def residuals(model: Model, kind: Kind = "deviance", *, seed: int | None = None) -> Floats:
    """(m,) residuals of the firms of the model.

    ``response``: outcome less expected outcome. ``pearson``: over the root of the variance
    that the mean implies; of least squares, over the residual standard error. ``deviance``:
    the signed root of what the firm adds to the deviance. ``quantile``: standard normal if the
    model is right (Dunn and Smyth 1996); of counts and of yes or no drawn at random between
    the two quantiles that belong to the outcome, so a `seed` must be given.

    Sampling weights play no part, but in the fit: R's multiply by their roots.

    Raises: Refusal ``measure_not_defined``, ``no_seed``.
    """
    values = fitted_values(model, tuple(RESPONSES), "A residual")
    name = model.fitted.estimator.name
    scale = model.fitted.solution.dispersion**0.5
    if kind == "response":
        return values.y - values.mean
    if kind == "pearson":
        result: Floats = (values.y - values.mean) / (scale * np.sqrt(_variance(name, values.mean)))
        return result
    if kind == "deviance":
        signed: Floats = np.sign(values.y - values.mean) * np.sqrt(_deviance(name, values)) / scale
        return signed
    return _quantile(name, values, scale, seed)


def _variance(name: str, mean: Floats) -> Floats:
    if name == "linear":
        return np.ones_like(mean)
    return mean if name == "poisson" else mean * (1 - mean)


def _deviance(name: str, values: FittedValues) -> Floats:
    y, mean = values.y, values.mean
    if name == "linear":
        return np.asarray((y - mean) ** 2)
    if name == "poisson":
        parts = special.xlogy(y, y) - special.xlogy(y, mean) - (y - mean)
    else:
        best = special.xlogy(y, y) + special.xlogy(1 - y, 1 - y)
        parts = best - values.response.log_density(y, values.predictor)
    # Never negative but for rounding.
    return np.asarray(2 * np.maximum(parts, 0.0))


def _quantile(name: str, values: FittedValues, scale: float, seed: int | None) -> Floats:
    if name == "linear":
        return (values.y - values.mean) / scale
    if name not in (*BINARY, "poisson"):
        raise Refusal(
            "measure_not_defined",
            "Shares have no distribution in a fractional model, so no quantile residuals.",
            "Ask for Pearson or deviance residuals.",
        )
    if seed is None:
        raise Refusal(
            "no_seed",
            "Quantile residuals of a discrete outcome are drawn at random.",
            "Give a seed, so that the same residuals can be had again.",
        )
    draw = np.random.default_rng(seed).random(len(values.y))
    if name == "poisson":
        below = stats.poisson.cdf(values.y - 1, values.mean)
        above = stats.poisson.cdf(values.y, values.mean)
    else:
        none = 1 - values.mean
        below, above = np.where(values.y == 1, none, 0.0), np.where(values.y == 1, 1.0, none)
    result: Floats = special.ndtri(below + draw * (above - below))
    return result
