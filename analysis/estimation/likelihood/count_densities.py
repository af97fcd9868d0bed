"""Logarithms of the densities of counts, with derivatives by their linear predictors.

A density is a function of the (1, m) or (2, m) linear predictors: the logarithm of the mean
and, of the negative binomial, the logarithm of alpha, in which the variance is
``mean + alpha * mean**2`` (NB2; Cameron and Trivedi 2013, equations 3.26 to 3.30).
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.engine import Derivatives

Density = Callable[[Floats], Derivatives]
Family = Callable[[Floats], Density]

# Counts up to here are summed term by term. Beyond, Stirling's series leaves nothing to subtract
# that is large.
LONGEST = 1_000
# From here four terms of the series are exact.
STIRLING = 30.0


def poisson(y: Floats) -> Density:
    """Of (m,) counts."""
    constant = special.gammaln(y + 1)
    far = y > LONGEST

    def derivatives(eta: Floats) -> Derivatives:
        mean = np.exp(eta[0])
        density = y * eta[0] - mean - constant
        if far.any():
            density[far] = _far_poisson(y[far], mean[far])
        return Derivatives(density, (y - mean)[None], -mean[None, None])

    return derivatives


def negative_binomial(y: Floats) -> Density:
    """Of (m,) counts; the second predictor, log alpha, is the same for all of them."""
    constant = special.gammaln(y + 1)
    far = y > LONGEST

    def derivatives(eta: Floats) -> Derivatives:
        log_alpha = eta[1]
        size = np.exp(-log_alpha)
        rising = _rising(y, float(log_alpha[0]))
        spread = np.logaddexp(0.0, log_alpha + eta[0])
        share = special.expit(log_alpha + eta[0])
        rest = special.expit(-log_alpha - eta[0])
        mean = np.exp(eta[0])
        pull = (y - mean) * rest
        both = -pull * share
        curve = -(y + size) * share * rest
        by_alpha = rising[1] + size * spread - (y + size) * share
        bend_alpha = rising[2] - size * spread + 2 * size * share + curve
        density = rising[0] - constant + y * eta[0] - (y + size) * spread
        if far.any():
            density[far] = _far_negative_binomial(y[far], mean[far], size[far])
        return Derivatives(
            density,
            np.stack([pull, by_alpha]),
            np.stack([np.stack([curve, both]), np.stack([both, bend_alpha])]),
        )

    return derivatives


def truncated(family: Family, y: Floats) -> Density:
    """The density of counts that are known to be above zero."""
    density, zero = family(y), family(np.zeros(len(y)))

    def derivatives(eta: Floats) -> Derivatives:
        whole, above = density(eta), log_above_zero(zero(eta))
        return Derivatives(
            whole.log_density - above.log_density,
            whole.gradient - above.gradient,
            whole.hessian - above.hessian,
        )

    return derivatives


def log_above_zero(zero: Derivatives) -> Derivatives:
    """Logarithm of the probability of a count above zero, from that of zero."""
    odds = 1 / np.expm1(-zero.log_density)
    outer = zero.gradient[:, None] * zero.gradient[None]
    return Derivatives(
        np.log(-np.expm1(zero.log_density)),
        -odds * zero.gradient,
        -odds * zero.hessian - odds * (1 + odds) * outer,
    )


def _far_poisson(y: Floats, mean: Floats) -> Floats:
    """The density with the factorial by Stirling's series."""
    result: Floats = (
        y * np.log1p((mean - y) / y) - (mean - y) - np.log(2 * np.pi * y) / 2 - _stirling(y)
    )
    return result


def _far_negative_binomial(y: Floats, mean: Floats, size: Floats) -> Floats:
    """The density with its gamma functions by Stirling's series, what is large cancelled."""
    up = 1 + y / size
    result: Floats = (
        -size * np.log((1 + mean / size) / up)
        - y * np.log1p((y - mean) / (mean * up))
        - np.log(2 * np.pi * y * up) / 2
        + _stirling(y + size)
        - _stirling(size)
        - _stirling(y)
    )
    return result


def _stirling(x: Floats) -> Floats:
    """What the logarithm of the gamma function has beyond (x - 1/2) log x - x + log(2 pi)/2."""
    square = 1 / x**2
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x
    whole = special.gammaln(x) - (x - 0.5) * np.log(x) + x - np.log(2 * np.pi) / 2
    result: Floats = np.where(x > STIRLING, series, whole)
    return result


def _rising(y: Floats, log_alpha: float) -> tuple[Floats, Floats, Floats]:
    """Sum of log(1 + alpha j) over j below y, and its two derivatives by log alpha.

    It is ``gammaln(y + 1/alpha) - gammaln(1/alpha) + y log alpha``, which near the Poisson
    would be a small difference of large numbers.
    """
    alpha, size = np.exp(log_alpha), np.exp(-log_alpha)
    longest = int(min(y.max(initial=0), LONGEST))
    product = alpha * np.arange(longest)
    share = product / (1 + product)
    terms = np.stack([np.log1p(product), share, share / (1 + product)])
    sums = np.concatenate([np.zeros((3, 1)), np.cumsum(terms, axis=1)], axis=1)
    result = sums[:, np.minimum(y, longest).astype(np.intp)]
    far = y > LONGEST
    if far.any():
        first = special.digamma(y[far] + size) - special.digamma(size)
        second = special.polygamma(1, y[far] + size) - special.polygamma(1, size)
        result[0, far] = special.gammaln(y[far] + size) - special.gammaln(size) + y[far] * log_alpha
        result[1, far] = y[far] - size * first
        result[2, far] = size * first + size**2 * second
    return result[0], result[1], result[2]
