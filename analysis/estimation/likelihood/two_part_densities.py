"""Densities and expected counts of hurdle and zero-inflated models."""

import numpy as np
from scipy import special

from analysis.estimation.design import Codes
from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.count_densities import (
    Density,
    Family,
    log_above_zero,
    truncated,
)
from analysis.estimation.likelihood.engine import Derivatives
from analysis.estimation.solution import Curve


def hurdle(family: Family, y: Floats) -> Density:
    """Log-density of a hurdle: a logit of any, and a count known to be above zero.

    Predictors: of the count, of the logit, and log alpha if the family has one (Mullahy 1986).
    """
    above = y > 0
    firms = np.flatnonzero(above)
    count = truncated(family, y[firms])

    def derivatives(eta: Floats) -> Derivatives:
        result = _nothing(eta)
        part = _of_count(len(eta))
        share = special.expit(eta[1])
        result.log_density[:] = special.log_expit(np.where(above, eta[1], -eta[1]))
        result.gradient[1] = above - share
        result.hessian[1, 1] = -share * (1 - share)
        some = count(eta[np.ix_(part, firms)])
        result.log_density[firms] += some.log_density
        result.gradient[np.ix_(part, firms)] = some.gradient
        result.hessian[np.ix_(part, part, firms)] = some.hessian
        return result

    return derivatives


def zero_inflated(family: Family, y: Floats) -> Density:
    """Log-density of a count that is zero for sure with the probability of a logit.

    Predictors: of the count, of the logit of a sure zero, and log alpha if the family has one
    (Lambert 1992).
    """
    count, is_zero = family(y), y == 0

    def derivatives(eta: Floats) -> Derivatives:
        result, part = _nothing(eta), _of_count(len(eta))
        whole = count(eta[part])
        share = special.expit(eta[1])
        by_chance = special.log_expit(-eta[1]) + whole.log_density
        either = np.logaddexp(special.log_expit(eta[1]), by_chance)
        result.log_density[:] = np.where(is_zero, either, by_chance)
        # The probability that a zero seen is a sure one, and the spread of that.
        sure = np.where(is_zero, np.exp(special.log_expit(eta[1]) - either), 0.0)
        spread = sure * (1 - sure)
        result.gradient[1] = sure - share
        result.gradient[part] = (1 - sure) * whole.gradient
        result.hessian[1, 1] = -share * (1 - share) + spread
        outer = whole.gradient[:, None] * whole.gradient[None]
        result.hessian[np.ix_(part, part)] = (1 - sure) * whole.hessian + spread * outer
        for place, slope in zip(part, whole.gradient, strict=True):
            result.hessian[1, place] = result.hessian[place, 1] = -spread * slope
        return result

    return derivatives


def _nothing(eta: Floats) -> Derivatives:
    predictors, count = eta.shape
    return Derivatives(
        np.zeros(count), np.zeros((predictors, count)), np.zeros((predictors, predictors, count))
    )


def _of_count(predictors: int) -> Codes:
    """Which linear predictors are the count's: the logit's stands between."""
    return np.array([0, *range(2, predictors)], dtype=np.intp)


def binary_share(eta: Floats) -> Curve:
    """The logit's probability."""
    share = special.expit(eta[1])
    slope, bend = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    slope[1] = share * (1 - share)
    bend[1, 1] = slope[1] * (1 - 2 * share)
    return Curve(share, slope, bend)


def plain_mean(eta: Floats) -> Curve:
    mean = np.exp(eta[0])
    slope, bend = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    slope[0], bend[0, 0] = mean, mean
    return Curve(mean, slope, bend)


def mean_if_any(family: Family, eta: Floats) -> Curve:
    """The mean over the probability of a count above zero."""
    part = _of_count(len(eta))
    above = log_above_zero(family(np.zeros(eta.shape[1]))(eta[part]))
    mean = np.exp(eta[0] - above.log_density)
    lean, turn = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    lean[part] = -above.gradient
    lean[0] += 1
    turn[np.ix_(part, part)] = -above.hessian
    return Curve(mean, mean * lean, mean * (turn + lean[:, None] * lean[None]))


def _product(one: Curve, other: Curve) -> Curve:
    assert one.bend is not None and other.bend is not None  # noqa: S101, PT018 -- both given above
    cross = one.slope[:, None] * other.slope[None]
    return Curve(
        one.value * other.value,
        one.slope * other.value + one.value * other.slope,
        one.bend * other.value + one.value * other.bend + cross + cross.transpose(1, 0, 2),
    )


def hurdle_mean(family: Family, eta: Floats) -> Curve:
    return _product(binary_share(eta), mean_if_any(family, eta))


def inflated_mean(eta: Floats) -> Curve:
    share = binary_share(eta)
    assert share.bend is not None  # noqa: S101 -- given above
    return _product(Curve(1 - share.value, -share.slope, -share.bend), plain_mean(eta))
