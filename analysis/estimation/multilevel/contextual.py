"""Firms' traits taken apart: how firms differ within regions, and how regions differ.

With x_gi = (x_gi - mean_g) + mean_g both parts as regressors, the coefficient of the first is the
effect among firms of one region, free of whatever is common to the region; that of the second
is how outcomes differ between regions whose firms differ in x on average. Their difference is
the contextual effect (Mundlak 1978; Raudenbush and Bryk 2002, chapter 5).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.estimation.parts import Labels
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class WithinBetween:
    """A variable of n firms taken apart: ``within + between`` is the variable.

    Attributes
    ----------
    within : (n,) floats, distance from the region's mean
    between : (n,) floats, the region's mean
    """

    within: Floats
    between: Floats


def region_means(
    values: Floats,
    region: Labels,
    weight: Floats | None = None,
    rows: Rows | None = None,
) -> Floats:
    """(n,) mean of the firm's region, over firms whose value is known.

    `values` are (n,) with NaN missing, `region` labels with None missing, `weight` from zero
    (None weighs all firms alike), `rows` the firms that means are taken over, as those of a
    subpopulation (None takes all). The mean is NaN where the firm's region is missing or no firm
    of it counts. Raises Refusal ``weight_negative``.
    """
    values = np.asarray(values, dtype=float)
    weight = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=float)
    if np.any(weight < 0):
        raise Refusal(
            "weight_negative",
            f"{int((weight < 0).sum())} weights are below zero.",
            "Correct the weights.",
        )
    codes, labels = pd.factorize(np.asarray(region, dtype=object))
    counted = np.isfinite(values) & (codes >= 0) & (True if rows is None else rows)
    w = np.where(counted, weight, 0.0)
    total = np.bincount(codes[counted], w[counted], len(labels))
    sums = np.bincount(codes[counted], (w * values)[counted], len(labels))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / total
    result: Floats = np.where(codes >= 0, np.append(means, np.nan)[codes], np.nan)
    return result


def within_between(
    values: Floats,
    region: Labels,
    weight: Floats | None = None,
    rows: Rows | None = None,
) -> WithinBetween:
    """A variable as distance from its region's mean, and that mean; see `region_means`."""
    between = region_means(values, region, weight, rows)
    return WithinBetween(within=np.asarray(values, dtype=float) - between, between=between)


def centred(values: Floats, weight: Floats | None = None, rows: Rows | None = None) -> Floats:
    """(n,) values less their mean over all firms: what a variable with random slopes needs.

    The variance of the intercepts is then that between regions at the mean of the variable.
    """
    values = np.asarray(values, dtype=float)
    one = np.zeros(len(values))
    result: Floats = values - region_means(values, one, weight, rows)
    return result
