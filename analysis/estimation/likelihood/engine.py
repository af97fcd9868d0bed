"""Weighted maximum likelihood of models with any number of linear predictors.

A model gives, for each firm, its log-likelihood as a function of M linear predictors with the
first two derivatives (the vector generalised linear models of Yee 2015). A single parameter,
such as the logarithm of a variance, is a linear predictor of an intercept alone. All else,
from iterations to scores, is the same for every model.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.blocks import Block
from analysis.estimation.estimates import Floats
from analysis.estimation.solution import linear_predictors
from analysis.refusals import Refusal

# Largest Newton step, in standard errors of a coefficient, at which a fit has converged.
SCALED_STEP = 1e-10
STEPS = 200
HALVINGS = 40
# Of a log-likelihood: what rounding alone may take away from one step to the next.
LEVEL = 1e-13
# Smallest eigenvalue of the scaled information that still is a curvature.
FLAT = 1e-11
# Of the scaled information, added where it does not curve downwards.
RIDGE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Derivatives:
    """Log-likelihoods of m firms and their derivatives by the M linear predictors.

    Attributes
    ----------
    log_density : (m,) floats; minus infinity where the predictors are not allowed
    gradient : (M, m) floats
    hessian : (M, M, m) floats
    """

    log_density: Floats
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """A model of m firms.

    Attributes
    ----------
    blocks : the M linear predictors
    derivatives : (M, m) linear predictors to Derivatives
    start : (k,) working coefficients to start from
    """

    blocks: tuple[Block, ...]
    derivatives: Callable[[Floats], Derivatives]
    start: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """The summit, in the blocks' working coordinates.

    Attributes
    ----------
    coefficients : (k,) floats
    scores : (m, k) floats, before weighting
    bread : (k, k) floats, inverse of the observed information under the weights
    log_likelihood : weighted sum
    derivatives : at the summit
    """

    coefficients: Floats
    scores: Floats
    bread: Floats
    log_likelihood: float
    derivatives: Derivatives


def maximise(
    likelihood: Likelihood, weight: Floats, *, what: str, start: Floats | None = None
) -> Maximum:
    """Newton steps, halved until the weighted log-likelihood rises, to the summit.

    `weight` has mean one. `what` names the model in a refusal, as in "The tobit of exports".

    Raises: Refusal ``no_convergence``.
    """
    coefficients = likelihood.start if start is None else start
    here = _at(likelihood, coefficients)
    for _ in range(STEPS):
        information = _information(likelihood, here, weight)
        gradient = _gradient(likelihood, here, weight)
        step, scaled, is_summit = _step(information, gradient)
        if not np.isfinite(scaled):
            break
        if is_summit and scaled < SCALED_STEP:
            coefficients = coefficients + step
            here = _at(likelihood, coefficients)
            return _maximum(likelihood, coefficients, here, information, weight)
        coefficients, here, has_moved = _climbed(likelihood, coefficients, step, here, weight)
        if not has_moved:
            if is_summit and scaled < np.sqrt(SCALED_STEP):
                return _maximum(likelihood, coefficients, here, information, weight)
            break
    raise Refusal(
        "no_convergence",
        f"{what} did not converge: its likelihood has no clear summit.",
        "Look for terms that nearly determine the outcome, for parameters at their bounds, or "
        "for more terms than the data can tell apart.",
    )


def information_of(maximum_bread: Floats) -> Floats:
    """(k, k) the information whose inverse is given."""
    result: Floats = scipy.linalg.inv(maximum_bread)
    return result


def _at(likelihood: Likelihood, coefficients: Floats) -> Derivatives:
    with np.errstate(all="ignore"):
        return likelihood.derivatives(linear_predictors(likelihood.blocks, coefficients))


def _height(here: Derivatives, weight: Floats) -> float:
    # A firm of weight zero must not count, not even with an infinite log-likelihood.
    counted = weight > 0
    height = float(weight[counted] @ here.log_density[counted])
    return height if np.isfinite(height) else -np.inf


def _gradient(likelihood: Likelihood, here: Derivatives, weight: Floats) -> Floats:
    return np.concatenate(
        [
            each.Z.T @ (weight * part)
            for each, part in zip(likelihood.blocks, here.gradient, strict=True)
        ]
    )


def _information(likelihood: Likelihood, here: Derivatives, weight: Floats) -> Floats:
    """(k, k) minus the weighted sum of second derivatives."""
    blocks = likelihood.blocks
    rows = [
        [
            one.Z.T @ ((-weight * here.hessian[i, j])[:, None] * two.Z)
            for j, two in enumerate(blocks)
        ]
        for i, one in enumerate(blocks)
    ]
    information: Floats = np.block(rows)
    return (information + information.T) / 2


def _step(information: Floats, gradient: Floats) -> tuple[Floats, float, bool]:
    """Newton's step, its largest part in standard errors, and if the likelihood curves down."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(information)), np.finfo(float).tiny))
    if not (np.isfinite(information).all() and np.isfinite(gradient).all()):
        return gradient, np.inf, False
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    is_summit = bool(values[0] > FLAT)
    curved = values if is_summit else np.maximum(np.abs(values), RIDGE)
    step = vectors @ ((vectors.T @ (gradient / scale)) / curved) / scale
    spread = np.sqrt(np.einsum("ij,j,ij->i", vectors, 1 / curved, vectors)) / scale
    return step, float(np.max(np.abs(step) / spread)), is_summit


def _climbed(
    likelihood: Likelihood, coefficients: Floats, step: Floats, here: Derivatives, weight: Floats
) -> tuple[Floats, Derivatives, bool]:
    height = _height(here, weight)
    for _ in range(HALVINGS):
        ahead = _at(likelihood, coefficients + step)
        if _height(ahead, weight) >= height - LEVEL * abs(height):
            return coefficients + step, ahead, True
        step = step / 2
    return coefficients, here, False


def _maximum(
    likelihood: Likelihood,
    coefficients: Floats,
    here: Derivatives,
    information: Floats,
    weight: Floats,
) -> Maximum:
    scale = np.sqrt(np.diag(information))
    inverse = scipy.linalg.inv(information / np.outer(scale, scale)) / np.outer(scale, scale)
    scores = np.hstack(
        [
            each.Z * part[:, None]
            for each, part in zip(likelihood.blocks, here.gradient, strict=True)
        ]
    )
    return Maximum(
        coefficients=coefficients,
        scores=scores,
        bread=(inverse + inverse.T) / 2,
        log_likelihood=_height(here, weight),
        derivatives=here,
    )
