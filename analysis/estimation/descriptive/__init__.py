"""Descriptive statistics of a survey: totals, means, shares, ratios, quantiles, tables, change."""

from analysis.estimation.descriptive.association import Association
from analysis.estimation.descriptive.comparisons import (
    Comparison,
    JointTest,
    contrasts,
    differences,
)
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.effects import DesignEffects, kish_effective_size
from analysis.estimation.descriptive.entry import STATISTICS, describe
from analysis.estimation.descriptive.means import means, ratios, totals
from analysis.estimation.descriptive.quantiles import quantiles
from analysis.estimation.descriptive.shares import shares
from analysis.estimation.descriptive.tables import CrossTabulation, cross_tabulation
from analysis.estimation.descriptive.variances import (
    correlations,
    covariances,
    standard_deviations,
    variances,
)
from analysis.estimation.descriptive.waves import Change, change

__all__ = [
    "STATISTICS",
    "Association",
    "Change",
    "Comparison",
    "CrossTabulation",
    "Description",
    "DesignEffects",
    "JointTest",
    "change",
    "contrasts",
    "correlations",
    "covariances",
    "cross_tabulation",
    "describe",
    "differences",
    "kish_effective_size",
    "means",
    "quantiles",
    "ratios",
    "shares",
    "standard_deviations",
    "totals",
    "variances",
]
