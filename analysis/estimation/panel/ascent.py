"""Newton's ascent of a conditional likelihood of few coefficients."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats

# Largest Newton step, in standard errors of a coefficient, at which a fit has converged.
SCALED_STEP = 1e-10
STEPS = 100
HALVINGS = 40
# Smallest eigenvalue of the scaled information that still is a curvature.
FLAT = 1e-13
# Of a log-likelihood: what rounding alone may take away from one step to the next.
LEVEL = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Height:
    """A concave log-likelihood at one place.

    Attributes
    ----------
    value : the weighted log-likelihood
    gradient : (k,) floats
    information : (k, k) floats, minus the second derivatives
    surest : least probability left to something else than what was seen
    """

    value: float
    gradient: Floats
    information: Floats
    surest: float


@dataclass(frozen=True, slots=True, eq=False)
class Summit:
    """Where a likelihood is highest: (k,) coefficients, its height, (k, k) bread."""

    coefficients: Floats
    height: Height
    bread: Floats


def ascend(at: Callable[[Floats], Height], start: Floats) -> Summit | None:
    """Newton steps, halved until the likelihood rises, to the summit; None if none is found."""
    here, height = start, at(start)
    for _ in range(STEPS):
        inverse = inverted(height.information)
        if inverse is None:
            return None
        spread = np.sqrt(np.diag(inverse))
        step = inverse @ height.gradient
        if np.max(np.abs(step) / spread) < SCALED_STEP:
            return Summit(here, height, inverse)
        for _ in range(HALVINGS):
            ahead = at(here + step)
            if ahead.value >= height.value - LEVEL * abs(height.value):
                break
            step = step / 2
        else:
            return None
        here, height = here + step, ahead
    return None


def inverted(information: Floats) -> Floats | None:
    """(k, k) inverse of the information, None where it is flat in some direction."""
    scale = np.sqrt(np.diag(information))
    if not (np.isfinite(information).all() and scale.min() > 0):
        return None
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < FLAT:
        return None
    result: Floats = (vectors / values) @ vectors.T / np.outer(scale, scale)
    return result
