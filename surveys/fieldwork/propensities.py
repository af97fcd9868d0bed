"""Response propensities: how probably each case responds, from what is known of all cases."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from mathematics.arrays import Floats
from mathematics.refusals import Refusal
from surveys.fieldwork.auxiliaries import Auxiliaries, refuse_all_alike

Link = Literal["logit", "linear"]
# A fit that exists needs fewer than ten. Where none exists each step goes on by about one,
# in units of the linear predictor, for ever.
STEPS = 25
HALVINGS = 30
# Largest change of a linear predictor at which the fit has converged.
SMALL_STEP = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Propensities:
    """A model of response of n cases with k terms.

    Attributes
    ----------
    p : (n,) fitted propensities
    gradient : (n, k) their derivatives by the coefficients
    coefficients : (k,) floats
    covariance : (k, k) of the coefficients, from the information under weights of mean one
    link : {"logit", "linear"}
    """

    p: Floats
    gradient: Floats
    coefficients: Floats
    covariance: Floats
    link: Link


def propensities(
    aux: Auxiliaries,
    responded: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    *,
    link: Link = "logit",
) -> Propensities:
    """Propensities of n cases, under weights scaled to a mean of one.

    Parameters
    ----------
    aux : Auxiliaries
        Of the n cases.
    responded : (n,) booleans
        Whether each case responded.
    weight : (n,) floats or None
        Base weights, above zero; None takes them as equal.
    link : {"logit", "linear"}
        A linear model has propensities where a category did not respond at all, which a logit
        has not; they may fall outside [0, 1].

    Raises: Refusal ``response_none``, ``response_separated``, ``propensity_no_summit``,
    ``weight_not_positive``.
    """
    y = np.asarray(responded, dtype=float)
    scaled = _scaled(weight, len(y))
    if not 0 < y.mean() < 1:
        raise Refusal(
            "response_none",
            f"{int(y.sum())} of {len(y)} cases responded: there are no two groups to compare.",
            "Wait until some cases responded and some did not.",
        )
    if link == "linear":
        return _linear(aux.X, y, scaled)
    refuse_all_alike(aux, y, scaled)
    return _logit(aux.X, y, scaled)


def _scaled(weight: npt.ArrayLike | None, count: int) -> Floats:
    if weight is None:
        return np.ones(count)
    given = np.asarray(weight, dtype=float)
    wrong = ~(np.isfinite(given) & (given > 0))
    if wrong.any():
        raise Refusal(
            "weight_not_positive",
            f"The base weight is missing or not above zero for {wrong.sum()} of {count} cases; "
            f"the first is case {int(np.argmax(wrong)) + 1}.",
            "Give every case the inverse of its inclusion probability.",
        )
    return np.asarray(given / given.mean())


def _linear(X: Floats, y: Floats, weight: Floats) -> Propensities:
    bread = np.linalg.inv((X.T * weight) @ X)
    coefficients = bread @ (X.T @ (weight * y))
    p = X @ coefficients
    spread = float(weight @ (y - p) ** 2) / (len(y) - X.shape[1])
    return Propensities(p, X, coefficients, spread * bread, "linear")


def _logit(X: Floats, y: Floats, weight: Floats) -> Propensities:
    """Newton's method, steps halved where the likelihood would not rise."""
    coefficients = np.zeros(X.shape[1])
    coefficients[0] = np.log(weight @ y / (weight @ (1 - y)))
    for _ in range(STEPS):
        p = expit(X @ coefficients)
        inverse = np.linalg.pinv((X.T * (weight * p * (1 - p))) @ X, hermitian=True)
        step = inverse @ (X.T @ (weight * (y - p)))
        coefficients = _risen(X, y, weight, coefficients, step)
        if np.max(np.abs(X @ step)) < SMALL_STEP:
            p = expit(X @ coefficients)
            return Propensities(p, X * (p * (1 - p))[:, None], coefficients, inverse, "logit")
    raise Refusal(
        "propensity_no_summit",
        "The propensities have no best fit: combinations of categories tell those who responded "
        "from the others without error.",
        "Join small categories, leave a variable out, or choose linear propensities.",
    )


def _risen(X: Floats, y: Floats, weight: Floats, here: Floats, step: Floats) -> Floats:
    height = _likelihood(X, y, weight, here)
    for _ in range(HALVINGS):
        there = here + step
        if _likelihood(X, y, weight, there) >= height - 1e-12 * abs(height):
            return np.asarray(there)
        step = step / 2
    return here


def _likelihood(X: Floats, y: Floats, weight: Floats, coefficients: Floats) -> float:
    predictor = X @ coefficients
    return float(weight @ (y * predictor - np.logaddexp(0, predictor)))
