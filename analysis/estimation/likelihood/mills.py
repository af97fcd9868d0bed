"""The inverse Mills ratio, density over probability of the standard normal."""

import numpy as np
from scipy import special

from analysis.estimation.estimates import Floats

_ROOT_HALF = np.sqrt(0.5)


def mills(z: Floats) -> Floats:
    """phi(z) / Phi(z), exact in both tails."""
    result: Floats = np.sqrt(2 / np.pi) / special.erfcx(-z * _ROOT_HALF)
    return result


def mills_slopes(z: Floats) -> tuple[Floats, Floats]:
    """Its first two derivatives: -m (m + z), and m (m + z) (2 m + z) - m."""
    ratio = mills(z)
    first = -ratio * (ratio + z)
    return first, -first * (2 * ratio + z) - ratio
