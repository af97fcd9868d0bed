"""Probability that a logistic or normal variable falls between two points, by its logarithm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimation.estimates import Floats

LOG_ROOT_TWO_PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True, eq=False)
class IntervalProbability:
    """Logarithms of F(upper) - F(lower), and their derivatives by the two ends; (m,) each.

    An end at infinity has derivatives of 0.

    Attributes
    ----------
    log : the logarithm, minus infinity where the ends are not in order
    by_upper, by_lower : first derivatives, the former positive, the latter negative
    upper_upper, upper_lower, lower_lower : second derivatives
    """

    log: Floats
    by_upper: Floats
    by_lower: Floats
    upper_upper: Floats
    upper_lower: Floats
    lower_lower: Floats


def logistic_interval(lower: Floats, upper: Floats) -> IntervalProbability:
    """Of a logistic variable.

    With distance d, F(u) - F(l) = F(u) F(-l) (1 - exp(-d)), in which nothing cancels.
    """
    ordered = upper > lower
    distance = np.where(ordered, upper - lower, 1.0)
    inverse = np.exp(-distance) / -np.expm1(-distance)
    curve = inverse * (1 + inverse)
    above, below = special.expit(-upper), special.expit(lower)
    log = special.log_expit(upper) + special.log_expit(-lower) + _log_one_minus_exp(-distance)
    return IntervalProbability(
        log=np.where(ordered, log, -np.inf),
        by_upper=above + inverse,
        by_lower=-below - inverse,
        upper_upper=-special.expit(upper) * above - curve,
        upper_lower=curve,
        lower_lower=-below * special.expit(-lower) - curve,
    )


def normal_interval(lower: Floats, upper: Floats) -> IntervalProbability:
    """Of a normal variable; in logarithms, for in the tails density and probability underflow."""
    # Both ends to the left of zero where they can be: there the probabilities are small numbers
    # told apart, to the right they would be numbers near one.
    mirrored = lower > 0
    near = special.log_ndtr(np.where(mirrored, -lower, upper))
    far = special.log_ndtr(np.where(mirrored, -upper, lower))
    ordered = upper > lower
    log = near + _log_one_minus_exp(np.where(ordered, far - near, -1.0))
    by_upper = np.exp(log_density(upper) - log)
    by_lower = -np.exp(log_density(lower) - log)
    return IntervalProbability(
        log=np.where(ordered, log, -np.inf),
        by_upper=by_upper,
        by_lower=by_lower,
        upper_upper=-by_upper * (finite(upper) + by_upper),
        upper_lower=-by_upper * by_lower,
        lower_lower=-by_lower * (finite(lower) + by_lower),
    )


INTERVALS: Mapping[str, Callable[[Floats, Floats], IntervalProbability]] = {
    "logit": logistic_interval,
    "probit": normal_interval,
}


def finite(ends: Floats) -> Floats:
    """The ends, 0 where they are infinite: for products with a density that is 0 there."""
    result: Floats = np.where(np.isinf(ends), 0.0, ends)
    return result


def log_density(z: Floats) -> Floats:
    """Of the standard normal."""
    result: Floats = -0.5 * z * z - LOG_ROOT_TWO_PI
    return result


def _log_one_minus_exp(exponent: Floats) -> Floats:
    """log(1 - exp(a)) of negative a (Maechler 2012, equation 7)."""
    near_zero = exponent > -np.log(2)
    result: Floats = np.log1p(-np.exp(np.where(near_zero, -1.0, exponent)))
    result[near_zero] = np.log(-np.expm1(exponent[near_zero]))
    return result
