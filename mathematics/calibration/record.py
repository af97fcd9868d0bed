"""Recipes of calibration, and what comes of one."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mathematics.arrays import Floats
from mathematics.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """Weights that meet the totals, and how they were found.

    Attributes
    ----------
    weight : (n,) floats
    iterations : int
    misfit : float
        Largest distance from a total, as a share of the larger of the total and the sample's
        sum of absolute values before calibration.
    """

    weight: Floats
    iterations: int
    misfit: float


class Auxiliary(Protocol):
    """The variables calibrated on."""

    def residuals(self, values: Floats, weight: Floats) -> Floats:
        """(n, k) what a weighted regression on them leaves of (n, k) values."""


class Recipe(Protocol):
    """A way from weights to calibrated weights, the same for every replicate."""

    def calibrated(self, weight: Floats) -> Calibrated:
        """Raises: Refusal where the totals cannot be met."""


def recalibrated(weights: Floats, recipe: Recipe) -> Floats:
    """(n, R) weights, each replicate's calibrated; NaN where its totals cannot be met."""
    result = np.empty_like(weights, order="F")
    for replicate, weight in enumerate(weights.T):
        try:
            result[:, replicate] = recipe.calibrated(weight).weight
        except Refusal:
            result[:, replicate] = np.nan
    return result
