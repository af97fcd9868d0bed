"""Tails of weighted sums of chi-squares: what a likelihood ratio follows under a survey design.

Q is the sum of q independent chi-squares with one degree of freedom, each times a positive
weight. Without denominator the tail is P(Q > x); with d denominator degrees of freedom it is
P(Q / (C / d) > x), C an independent chi-square with d degrees of freedom.
"""

from math import inf, isinf
from typing import Literal

import numpy as np
from scipy import optimize, stats

from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Method = Literal["exact", "saddlepoint", "satterthwaite"]
# Probability that the mixture of chi-squares may leave out.
LEFT_OUT = 1e-14
# Chi-squares in the mixture beyond which it is not worth its time.
LONGEST = 2**15
# Largest weight over smallest beyond which the latter is rounding.
FLAT = 1e-10
# As R survey: nearer to its mean the saddlepoint formula divides rounding by rounding.
AT_THE_MEAN = 1e-4


def tail(
    value: float, weights: Floats, denominator_df: float = inf, method: Method = "exact"
) -> float:
    """Probability of more than `value`.

    Parameters
    ----------
    value : float
        In the unit of Q, of its ratio with a denominator.
    weights : (q,) floats
        Positive.
    denominator_df : float
        ``inf`` for no denominator.
    method : {"exact", "saddlepoint", "satterthwaite"}
        ``exact``: the mixture of chi-squares of Ruben (1962), to 1e-14 and more in the tail.
        ``saddlepoint``: Lugannani & Rice as in Kuonen (1999), to some per cent of the
        probability. ``satterthwaite``: a scaled chi-square of the same mean and variance, the
        second-order correction of Rao & Scott (1984).

    Raises
    ------
    Refusal
        ``covariance_singular`` if a weight is not positive; ``too_uneven`` if the largest is
        so many times the smallest that the exact tail takes too long.
    """
    weights = np.asarray(weights, dtype=float)
    _refuse_not_positive(weights)
    if value <= 0:
        return 1.0
    match method:
        case "exact":
            return _exact(value, weights, denominator_df)
        case "saddlepoint":
            return _saddlepoint(value, weights, denominator_df)
        case "satterthwaite":
            return _satterthwaite(value, weights, denominator_df)


def _exact(value: float, weights: Floats, denominator_df: float) -> float:
    """Q / smallest weight is a mixture of chi-squares with q, q + 2, q + 4, ... df."""
    smallest = float(weights.min())
    shares = _mixture(1 - smallest / weights)
    df = np.arange(len(weights), len(weights) + 2 * len(shares), 2, dtype=np.float64)
    tails = _chi_square_tail(value / smallest, df, denominator_df)
    return min(1.0, float(shares @ tails))


def _mixture(ratios: Floats) -> Floats:
    """Coefficients of the power series of prod sqrt((1 - r) / (1 - r z)): they sum to one."""
    length = 64
    while length <= LONGEST:
        shares = np.zeros(length)
        shares[0] = 1.0
        for ratio in ratios[ratios > 0]:
            order = np.arange(1, length)
            steps = ratio * (order - 0.5) / order
            series = np.sqrt(1 - ratio) * np.concatenate([[1.0], np.cumprod(steps)])
            shares = np.convolve(shares, series)[:length]
        if 1 - shares.sum() < LEFT_OUT:
            return shares
        length *= 2
    raise Refusal(
        "too_uneven",
        "The design effects of the tested terms are too uneven for the exact distribution of "
        f"their likelihood ratio: the largest is {1 / (1 - ratios.max()):.3g} times the smallest.",
        "Ask for the saddlepoint approximation, or a Wald test.",
    )


def _chi_square_tail(value: float, df: Floats, denominator_df: float) -> Floats:
    if isinf(denominator_df):
        return np.asarray(stats.chi2.sf(value, df))
    return np.asarray(stats.f.sf(value / df, df, denominator_df))


def _satterthwaite(value: float, weights: Floats, denominator_df: float) -> float:
    mean = float(weights.mean())
    unevenness = float((weights**2).mean()) / mean**2
    df = np.array([len(weights) / unevenness])
    return float(_chi_square_tail(value / (mean * unevenness), df, denominator_df)[0])


def _saddlepoint(value: float, weights: Floats, denominator_df: float) -> float:
    """P(sum of weighted chi-squares > point), the denominator's weight being negative."""
    if isinf(denominator_df):
        point, freedom = value, np.ones(len(weights))
    else:
        weights = np.append(weights, -value / denominator_df)
        point, freedom = 0.0, np.append(np.ones(len(weights) - 1), denominator_df)
    scale = weights.max()
    weights, point = weights / scale, point / scale
    lowest, highest = _edges(weights, freedom, point)

    def slope(zeta: float) -> float:
        return float(freedom @ (weights / (1 - 2 * zeta * weights)) - point)

    zeta = float(optimize.brentq(slope, lowest, highest, xtol=1e-15, rtol=1e-14))
    if abs(zeta) < AT_THE_MEAN:
        if isinf(denominator_df):
            return _satterthwaite(value, weights * scale, inf)
        return _satterthwaite(value, weights[:-1] * scale, denominator_df)
    height = -float(freedom @ np.log1p(-2 * zeta * weights)) / 2
    bend = 2 * float(freedom @ (weights / (1 - 2 * zeta * weights)) ** 2)
    w = np.sign(zeta) * np.sqrt(2 * (zeta * point - height))
    return float(stats.norm.sf(w + np.log(zeta * np.sqrt(bend) / w) / w))


def _edges(weights: Floats, freedom: Floats, point: float) -> tuple[float, float]:
    """Between which the slope of the cumulant function crosses the point."""
    near = 1 - 1e-12
    highest = near / (2 * float(weights.max()))
    if weights.min() < 0:
        return near / (2 * float(weights.min())), highest
    # Below, every term of the slope is less than freedom / (-2 zeta).
    return -float(freedom.sum()) / point, highest


def _refuse_not_positive(weights: Floats) -> None:
    if not (np.isfinite(weights).all() and weights.min() > FLAT * weights.max()):
        raise Refusal(
            "covariance_singular",
            "A sum of the tested terms has no sampling variance: the sample has fewer degrees "
            "of freedom than terms are tested.",
            "Test fewer terms together.",
        )
