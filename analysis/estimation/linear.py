"""Least squares, weighted where the design is."""

import numpy as np
import statsmodels.api as sm

from analysis.estimation.coordinates import inverse_information
from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

PERFECT_FIT = 1e-12


def fit_linear(sample: Sample) -> Solution:
    """Coefficients of the census least-squares fit, estimated from the sample.

    Raises: Refusal ``perfect_fit`` if the terms reproduce the outcome to rounding.
    """
    model = sm.WLS(sample.y, sample.Z, weights=sample.weight, hasconst=True)
    coefficients = model.fit(method="qr").params
    fitted = sample.Z @ coefficients
    residual = sample.y - fitted
    if sample.weight @ residual**2 <= PERFECT_FIT**2 * _variation(sample):
        raise Refusal(
            "perfect_fit",
            f"The terms reproduce {sample.wording.outcome} exactly: it is one of them, or a sum "
            "of them.",
            "Leave out the terms from which the outcome was computed.",
        )
    return Solution(
        coefficients=coefficients,
        linear_predictor=fitted,
        residual=residual,
        bread=inverse_information(sample.Z, sample.weight),
    )


def residual_variance(sample: Sample, solution: Solution) -> float:
    """Weighted sum of squared residuals over n - k."""
    spare = len(sample.y) - sample.Z.shape[1]
    return float(sample.weight @ solution.residual**2 / spare)


def linear_measures(sample: Sample, solution: Solution, *, is_weighted: bool) -> dict[str, float]:
    """R squared, adjusted R squared and residual standard error.

    Under sampling weights they estimate those of the fit to the whole population, and say so.
    """
    n, k = sample.Z.shape
    unexplained = sample.weight @ solution.residual**2 / _variation(sample)
    prefix = "weighted_" if is_weighted else ""
    return {
        f"{prefix}r_squared": float(1 - unexplained),
        f"{prefix}adjusted_r_squared": float(1 - unexplained * (n - 1) / (n - k)),
        f"{prefix}residual_std_error": residual_variance(sample, solution) ** 0.5,
    }


def _variation(sample: Sample) -> float:
    """Weighted sum of squares of the outcome around its weighted mean."""
    centred: Floats = sample.y - np.average(sample.y, weights=sample.weight)
    return float(sample.weight @ centred**2)
