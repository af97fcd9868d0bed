"""Joint Wald tests of pooled estimates: D1 of Li, Raghunathan & Rubin (1991)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

import numpy as np
from scipy import stats

from analysis.estimation.after.hypotheses import Asked, linear_hypothesis
from analysis.estimation.after.wald import quadratic_form
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.pooling import Pooled, barnard_rubin

# k (m - 1) from which the approximations of the denominator hold.
ENOUGH = 4


@dataclass(frozen=True, slots=True)
class JointTest:
    """A joint test of q restrictions.

    Attributes
    ----------
    restrictions : q sentences
    statistic : F
    numerator_df, denominator_df : q, and Reiter's (2007) or, without a complete-data df, those
        of Li, Raghunathan & Rubin
    relative_increase : mean relative increase in variance of the restricted sums
    """

    restrictions: tuple[str, ...]
    statistic: float
    numerator_df: int
    denominator_df: float
    p_value: float
    relative_increase: float


def joint_test(pooled: Pooled, hypothesis: Asked | Sequence[Asked]) -> JointTest:
    r"""Test that linear restrictions R b = r hold together.

    Notes
    -----
    .. math:: D_1 = (R\bar q - r)' (R \bar U R')^{-1} (R\bar q - r) / (q (1 + \bar r)),
        \quad \bar r = (1 + 1/m) \mathrm{tr}(R B R' (R \bar U R')^{-1}) / q

    so that the m estimates of the covariance between imputations, too few to be inverted, are
    used for one number only: missing information is taken as alike for all restrictions.

    Raises: Refusal, as `hypotheses.linear_hypothesis`; ``covariance_singular``.
    """
    asked = linear_hypothesis(hypothesis, pooled.terms)
    within = asked.matrix @ pooled.within @ asked.matrix.T
    between = asked.matrix @ pooled.between @ asked.matrix.T
    difference = asked.matrix @ pooled.coefficients - asked.values
    wald, q = quadratic_form(difference, within, asked.words), len(difference)
    increase = (1 + 1 / pooled.count) * float(np.trace(np.linalg.solve(within, between))) / q
    freedom = denominator_df(increase, q, pooled.count, pooled.complete_df)
    statistic = wald / (q * (1 + increase))
    return JointTest(
        restrictions=asked.words,
        statistic=statistic,
        numerator_df=q,
        denominator_df=freedom,
        p_value=float(stats.f.sf(statistic, q, freedom)),
        relative_increase=increase,
    )


def denominator_df(increase: float, q: int, count: int, complete_df: float) -> float:
    """Of F with q restrictions from m imputations.

    One restriction has Barnard & Rubin's, so that F is the square of t. Several have Reiter's
    (2007, equations 1 and 2), or with infinite `complete_df` those of Li, Raghunathan & Rubin
    (1991, equation 1.17), as long as k (m - 1) > 4. Below, and where so few complete-data
    degrees of freedom are left that Reiter's expansion fails, it is (q + 1) / 2 times Barnard &
    Rubin's, as Li, Raghunathan & Rubin have it for small m.
    """
    t = q * (count - 1)
    share = np.array(increase / (1 + increase))
    plain = float(barnard_rubin(share, count, complete_df))
    if q == 1:
        return plain
    if t <= ENOUGH:
        return (q + 1) / 2 * plain
    if isinf(complete_df):
        return _large_sample(increase, t)
    found = _small_sample(increase, t, complete_df)
    return (q + 1) / 2 * plain if found is None else found


def _large_sample(increase: float, t: int) -> float:
    if increase == 0:
        return np.inf
    return 4 + (t - 4) * (1 + (1 - 2 / t) / increase) ** 2


def _small_sample(increase: float, t: int, complete_df: float) -> float | None:
    """Reiter's; None where the complete data leave too few degrees of freedom."""
    a = increase * t / (t - 2)
    complete = (complete_df + 1) / (complete_df + 3) * complete_df
    two, four = complete - 2 * (1 + a), complete - 4 * (1 + a)
    if four <= 0:
        return None
    rest: Floats = np.array(
        [
            a**2 * two / ((1 + a) ** 2 * four),
            8 * a**2 * two / ((1 + a) * four**2),
            4 * a**2 / ((1 + a) * four),
            4 * a**2 / (four * two),
            16 * a**2 * two / four**3,
            8 * a**2 / four**2,
        ]
    )
    return float(4 + 1 / (1 / four + rest.sum() / (t - 4)))
