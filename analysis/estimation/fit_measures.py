"""What a table says of how well a generalised linear model fits.

Under sampling weights there is a pseudo-likelihood only: its ratios are named for what they
are, and criteria that need a likelihood are left out.
"""

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.outcomes import residual_variance, variation
from analysis.estimation.sample import Sample


def linear_measures(sample: Sample, residual: Floats) -> dict[str, float]:
    """R squared, adjusted R squared and residual standard error.

    Under sampling weights they estimate those of the fit to the whole population.
    """
    n, k = sample.Z.shape
    unexplained = sample.weight @ residual**2 / variation(sample)
    prefix = "weighted_" if sample.is_weighted else ""
    return {
        f"{prefix}r_squared": float(1 - unexplained),
        f"{prefix}adjusted_r_squared": float(1 - unexplained * (n - 1) / (n - k)),
        f"{prefix}residual_std_error": residual_variance(sample, residual) ** 0.5,
    }


def binary_measures(
    sample: Sample, predictor: Floats, threshold: float, height: float, null: float
) -> dict[str, float]:
    """McFadden's R squared, the share predicted correctly, and AIC and BIC without weights.

    `threshold` is the linear predictor at which 0 and 1 are equally likely.
    """
    predicted = (predictor > threshold) == (sample.y == 1)
    correct = float(np.average(predicted, weights=sample.weight))
    if sample.is_weighted:
        return {
            "weighted_pseudo_r_squared": 1 - height / null,
            "weighted_share_correctly_predicted": correct,
        }
    return {
        "mcfadden_r_squared": 1 - height / null,
        "share_correctly_predicted": correct,
        **criteria(height, *sample.Z.shape),
    }


def likelihood_measures(sample: Sample, height: float, null: float, k: int) -> dict[str, float]:
    """McFadden's R squared, and AIC and BIC without weights."""
    if sample.is_weighted:
        return {"weighted_pseudo_r_squared": 1 - height / null}
    return {"mcfadden_r_squared": 1 - height / null, **criteria(height, len(sample.y), k)}


def fractional_measures(sample: Sample, mean: Floats) -> dict[str, float]:
    """The squared correlation of outcome and expected outcome (Wooldridge 2010, 18.6)."""
    y, weight = sample.y, sample.weight / sample.weight.sum()
    y_apart, mean_apart = y - weight @ y, mean - weight @ mean
    together = weight @ (y_apart * mean_apart)
    apart = (weight @ y_apart**2) * (weight @ mean_apart**2)
    prefix = "weighted_" if sample.is_weighted else ""
    return {f"{prefix}squared_correlation": float(together**2 / apart) if apart > 0 else 0.0}


def criteria(log_likelihood: float, n: int, k: int) -> dict[str, float]:
    """Akaike's and Schwarz's criteria of k parameters."""
    return {
        "aic": 2 * k - 2 * log_likelihood,
        "bic": float(np.log(n)) * k - 2 * log_likelihood,
    }
