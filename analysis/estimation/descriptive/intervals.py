"""Confidence intervals of descriptive estimates."""

import numpy as np
from scipy import special, stats

from analysis.estimation.estimates import Floats


def t_interval(values: Floats, std_errors: Floats, df: Floats, level: float) -> Floats:
    """(k, 2) value less and plus t standard errors."""
    half = stats.t.ppf((1 + level) / 2, df) * std_errors
    return np.column_stack([values - half, values + half])


def logit_interval(share: Floats, std_errors: Floats, df: Floats, level: float) -> Floats:
    """(k, 2) limits symmetric on the logit scale, and so within 0 and 1."""
    limits = t_interval(special.logit(share), std_errors / (share * (1 - share)), df, level)
    result: Floats = special.expit(limits)
    return result


def fisher_interval(correlation: Floats, std_errors: Floats, df: Floats, level: float) -> Floats:
    """(k, 2) limits symmetric in Fisher's z = atanh(r), and so within -1 and 1."""
    limits = t_interval(np.arctanh(correlation), std_errors / (1 - correlation**2), df, level)
    return np.tanh(limits)


def korn_graubard_interval(
    share: Floats, effective_n: Floats, n: Floats, df: Floats, level: float
) -> Floats:
    """(k, 2) Clopper-Pearson limits at the effective sample size (Korn & Graubard 1998).

    Parameters
    ----------
    share
        (k,) floats in [0, 1]
    effective_n
        (k,) n divided by the design effect, p(1 - p) / V(p)
    n
        (k,) firms
    df
        (k,) degrees of freedom of the design
    level
        confidence level
    """
    tail = (1 - level) / 2
    # Degrees of freedom of more firms than these do not make them more.
    fewer = stats.t.ppf(tail, n - 1) / stats.t.ppf(tail, np.minimum(df, n - 1))
    size = effective_n * fewer**2
    hits, misses = size * share, size * (1 - share)
    # A beta law with a parameter of 0 is all at its bound: no one, or everyone, said yes.
    # Where every firm was sampled, or the answer is the same in all units, the share is known.
    known = ~np.isfinite(size)
    hits, misses = np.where(known, 1, hits), np.where(known, 1, misses)
    lower = np.where(hits > 0, stats.beta.ppf(tail, np.where(hits > 0, hits, 1), misses + 1), 0)
    upper = np.where(
        misses > 0, stats.beta.ppf(1 - tail, hits + 1, np.where(misses > 0, misses, 1)), 1
    )
    result = np.column_stack([lower, upper])
    result[known] = share[known, None]
    return result
