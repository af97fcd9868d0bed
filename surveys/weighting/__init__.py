"""From base weights to final weights, every factor kept. Pure: no Django, no database.

A wave is weighted by steps, each of which gives every case a factor: `weigh` takes them in
their order, `replicate_weights` does them again for every replicate, `weighting_report` says
what they did.
"""

from surveys.weighting.cells import Cells, weighting_cells
from surveys.weighting.chain import Adjustment, Step, Weights, weigh
from surveys.weighting.distribution import Distribution, distribution
from surveys.weighting.nonresponse import (
    ByInversePropensity,
    InClasses,
    Sharing,
    by_known_eligibility,
    by_propensity_class,
    in_classes,
)
from surveys.weighting.panel import longitudinal
from surveys.weighting.replication import Draw, draw_of, replicate_weights
from surveys.weighting.report import WeightingReport, weighting_report
from surveys.weighting.totals import Margin, ToTotals, frame_margin, table_margin
from surveys.weighting.trimming import Cost, Trimming, cost

__all__ = [
    "Adjustment",
    "ByInversePropensity",
    "Cells",
    "Cost",
    "Distribution",
    "Draw",
    "InClasses",
    "Margin",
    "Sharing",
    "Step",
    "ToTotals",
    "Trimming",
    "WeightingReport",
    "Weights",
    "by_known_eligibility",
    "by_propensity_class",
    "cost",
    "distribution",
    "draw_of",
    "frame_margin",
    "in_classes",
    "longitudinal",
    "replicate_weights",
    "table_margin",
    "weigh",
    "weighting_cells",
    "weighting_report",
]
