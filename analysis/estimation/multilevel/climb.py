"""Newton steps to the summit of a likelihood that is not a sum over firms."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

# Largest Newton step, in standard errors of a parameter, at which a fit has converged.
SCALED_STEP = 1e-10
STEPS = 200
HALVINGS = 40
# Of a log-likelihood: what rounding alone may take away from one step to the next.
LEVEL = 1e-12
# Smallest eigenvalue of the scaled information that still is a curvature.
FLAT = 1e-10
# Of the scaled information, where it does not curve downwards.
RIDGE = 1e-3
# Of a step's length: if the next is longer than that, second derivatives are computed anew.
GAIN = 0.1
# Of a complex step: its square is lost to doubles, itself it is not.
IMAGINARY = 1e-30

Height = Callable[[Floats], tuple[float, Floats]]


@dataclass(frozen=True, slots=True, eq=False)
class Hill:
    """A log-likelihood of k parameters.

    Attributes
    ----------
    height : parameters to value and (k,) gradient
    curvature : parameters to (k, k) second derivatives
    what : names the model in a refusal
    """

    height: Height
    curvature: Callable[[Floats], Floats]
    what: str


def summit(hill: Hill, start: Floats, tolerance: float = SCALED_STEP) -> Floats:
    """(k,) parameters at which the gradient is zero and the likelihood curves downwards.

    Raises: Refusal ``no_convergence``.
    """
    here = start
    height, gradient = hill.height(here)
    information, last = -hill.curvature(here), np.inf
    is_fresh = True
    for _ in range(STEPS):
        step, scaled, is_summit = _step(information, gradient)
        if not is_fresh and (scaled > GAIN * last or not is_summit):
            information, is_fresh = -hill.curvature(here), True
            step, scaled, is_summit = _step(information, gradient)
        if not np.isfinite(scaled):
            break
        if is_summit and scaled < tolerance:
            return here + step
        ahead = _climbed(hill, here, step, height)
        if ahead is None:
            if is_summit and is_fresh and scaled < np.sqrt(SCALED_STEP):
                return here
            if is_fresh:
                break
            # No gain is enough for old second derivatives now.
            last = 0.0
            continue
        here, height, gradient = ahead
        last, is_fresh = scaled, False
    raise Refusal(
        "no_convergence",
        f"{hill.what} did not converge: its likelihood has no clear summit.",
        "Centre variables whose slopes vary, let fewer slopes vary, or look for terms that nearly "
        "determine the outcome.",
    )


def _climbed(
    hill: Hill, here: Floats, step: Floats, height: float
) -> tuple[Floats, float, Floats] | None:
    for _ in range(HALVINGS):
        ahead, gradient = hill.height(here + step)
        if ahead >= height - LEVEL * max(abs(height), 1.0):
            return here + step, ahead, gradient
        step = step / 2
    return None


def _step(information: Floats, gradient: Floats) -> tuple[Floats, float, bool]:
    """Newton's step, its largest part in standard errors, and if the likelihood curves down."""
    if not (np.isfinite(information).all() and np.isfinite(gradient).all()):
        return gradient, np.inf, False
    scale = np.sqrt(np.maximum(np.abs(np.diag(information)), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    is_summit = bool(values[0] > FLAT)
    curved = values if is_summit else np.maximum(np.abs(values), RIDGE)
    step = vectors @ ((vectors.T @ (gradient / scale)) / curved) / scale
    spread = np.sqrt(np.einsum("ij,j,ij->i", vectors, 1 / curved, vectors)) / scale
    return step, float(np.max(np.abs(step) / spread)), is_summit
