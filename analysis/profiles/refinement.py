"""From where expectation and maximisation stop to the maximum itself, boundaries included."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.profiles.curvature import (
    Free,
    free_parameters,
    moved,
    scores_and_information,
)
from analysis.profiles.mixture import (
    LEAST,
    Classes,
    improved,
    log_densities,
    log_likelihood,
    posteriors,
    within_items,
)
from analysis.profiles.responses import Patterns, Responses

# Probabilities that may be on their way to nought, from the boldest guess on.
ON_THE_WAY = (1e-2, 1e-3, 1e-4, 1e-6)
# Score per firm at which the maximum is reached.
LEVEL_GROUND = 1e-11
MOST_STEPS = 60
LONGEST_STEP = 3.0
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """A maximum of the likelihood.

    Attributes
    ----------
    classes : Classes
    free : the parameters that move
    at_nought : (K, L) probabilities that are 0 because the likelihood falls from there on
    is_reached : whether the scores are zero and the information is positive
    """

    classes: Classes
    free: Free
    at_nought: Rows
    is_reached: bool


def refined(classes: Classes, found: Patterns, given: Responses) -> Maximum:
    """The maximum near these classes, by Newton's method.

    Probabilities near nought are set to it if the maximum then found is no lower, and if the
    likelihood does not rise when they are let go (Karush, Kuhn and Tucker).
    """
    least = log_likelihood(classes, found) - ROUNDING * found.weight.sum()
    for near in ON_THE_WAY:
        at_nought = classes.answer < near
        trial = Classes(
            classes.share, within_items(np.where(at_nought, 0.0, classes.answer), given)
        )
        maximum = _climbed(trial, found, given, at_nought)
        if maximum.is_reached and log_likelihood(maximum.classes, found) >= least:
            rising = at_nought & _rises(maximum.classes, found, at_nought)
            if not rising.any():
                return maximum
    return _climbed(classes, found, given, classes.answer < LEAST)


def _climbed(classes: Classes, found: Patterns, given: Responses, at_nought: Rows) -> Maximum:
    free = free_parameters(classes, given, at_nought)
    total, now = found.weight.sum(), log_likelihood(classes, found)
    for _ in range(MOST_STEPS):
        scores, information = scores_and_information(classes, found, given, free)
        gradient = found.weight @ scores
        step = _newton(information, gradient)
        if step is None:
            classes = improved(classes, found, given, 50)
            now = log_likelihood(classes, found)
            continue
        if np.abs(gradient).max(initial=0.0) <= LEVEL_GROUND * total:
            return Maximum(classes, free, at_nought, is_reached=True)
        classes, gained = _stepped(classes, found, given, free, step, now)
        if gained is None:
            flat = bool(np.abs(gradient).max(initial=0.0) <= 1e-7 * total)
            return Maximum(classes, free, at_nought, is_reached=flat)
        now = gained
    return Maximum(classes, free, at_nought, is_reached=False)


def _newton(information: Floats, gradient: Floats) -> Floats | None:
    """The step, or None where the likelihood is no dome."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    try:
        triangle = np.linalg.cholesky(information / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return None
    step = np.linalg.solve(triangle.T, np.linalg.solve(triangle, gradient / scale)) / scale
    longest = float(np.abs(step).max(initial=0.0))
    result: Floats = step * min(1.0, LONGEST_STEP / longest) if longest > 0 else step
    return result


def _stepped(
    classes: Classes, found: Patterns, given: Responses, free: Free, step: Floats, now: float
) -> tuple[Classes, float | None]:
    """The classes after the step, halved until it does not lead down; None if it always does."""
    for _ in range(30):
        trial = moved(classes, given, free, step)
        reached = log_likelihood(trial, found)
        if reached >= now - 1e-13 * abs(now):
            return trial, reached
        step = step / 2
    return classes, None


def _rises(classes: Classes, found: Patterns, at_nought: Rows) -> Rows:
    """(K, L) where the likelihood would rise if the probability were let go from nought."""
    densities = log_densities(classes.share, classes.answer, found.chosen)
    chance, log_probability = posteriors(densities)
    asked = (found.weight[:, None] * chance).T @ found.answered
    rising = np.zeros_like(at_nought)
    for k, level in zip(*np.nonzero(at_nought), strict=True):
        answer = classes.answer[[k]].copy()
        answer[0, level] = 1.0
        without = log_densities(classes.share[[k]], answer, found.chosen)[:, 0]
        gain = (found.weight * found.chosen[:, level]) @ np.exp(without - log_probability)
        rising[k, level] = gain > asked[k, level] * (1 + 1e-6) + ROUNDING
    return rising
