"""How groups of firms differ in one variable: a test of equal means, standardised differences."""

from itertools import combinations

import numpy as np
from scipy import stats

from analysis.estimation.descriptive.association import is_singular
from analysis.estimation.descriptive.comparisons import JointTest
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.statistic import degrees_of_freedom
from analysis.estimation.estimates import Floats


def equal_means(description: Description) -> JointTest | None:
    """Test that the means of all groups are one: the F of a regression on the groups.

    With b the k differences from the first group and V their joint covariance under the design,
    F = b'V^-1 b / k on k and d - k degrees of freedom, d those of the design: the Wald test of
    R's `regTermTest` after `svyglm(y ~ group)`, and with two groups `svyttest` (Lumley 2010,
    section 5.2). None where a group has no standard error or too few units were sampled.
    """
    estimates = description.estimates
    k = len(estimates.terms) - 1
    contrast = np.hstack([-np.ones((k, 1)), np.eye(k)])
    b = contrast @ estimates.coefficients
    covariance = contrast @ estimates.covariance @ contrast.T
    df = degrees_of_freedom(description.domain, description.design, description.covariance_type)
    if k < 1 or df - k <= 0 or not np.isfinite(covariance).all() or is_singular(covariance):
        return None
    statistic = float(b @ np.linalg.solve(covariance, b)) / k
    return JointTest(statistic, k, df - k, float(stats.f.sf(statistic, k, df - k)))


def standardised_difference(means: Floats, variances: Floats) -> float:
    """Largest |m_a - m_b| / sqrt((v_a + v_b) / 2) over all pairs of G groups.

    Parameters
    ----------
    means, variances : (G,) floats
        Weighted; of a yes or no p and p (1 - p)

    Returns
    -------
    Without a unit; NaN where there are fewer than two groups, infinite where groups differ that
    are each all alike (Austin 2009, Communications in Statistics 38, 1228).
    """
    found = [
        _over(abs(means[a] - means[b]), float(np.sqrt((variances[a] + variances[b]) / 2)))
        for a, b in combinations(range(len(means)), 2)
    ]
    return max(found, default=float("nan"))


def standardised_difference_of_shares(shares: Floats) -> float:
    """Largest Mahalanobis distance of the shares of L categories over all pairs of G groups.

    sqrt(d' S^-1 d), d the difference of the first L - 1 shares and S the mean of the two
    multinomial covariances (Yang & Dalton 2012, SAS Global Forum 335); with two categories that
    of `standardised_difference`.

    Parameters
    ----------
    shares : (G, L) floats
        Each row adds up to one
    """
    found = [_distance(shares[a], shares[b]) for a, b in combinations(range(len(shares)), 2)]
    return max(found, default=float("nan"))


def _distance(one: Floats, other: Floats) -> float:
    # A category that neither group has says nothing, and would leave S without an inverse.
    held = (one > 0) | (other > 0)
    p, q = one[held][:-1], other[held][:-1]
    spread = (_multinomial(p) + _multinomial(q)) / 2
    if len(p) == 0 or np.allclose(p, q, rtol=0, atol=1e-14):
        return 0.0
    if is_singular(spread):
        return float("inf")
    return float(np.sqrt((p - q) @ np.linalg.solve(spread, p - q)))


def _multinomial(share: Floats) -> Floats:
    covariance: Floats = np.diag(share) - np.outer(share, share)
    return covariance


def _over(difference: float, spread: float) -> float:
    if spread > 0:
        return float(difference / spread)
    return 0.0 if difference == 0 else float("inf")
