"""From a frame to a weighted sample. Pure: no Django, no database.

`strata` forms them, `allocation` says how many to draw of each, `selection` draws. What stands at
the top works on firms one by one and is what a wave draws with; the rooms below work on arrays, for
frames of a million units.
"""

from surveys.sampling.allocation.by_measure import allocate
from surveys.sampling.plan import DrawnStratum, SamplePlan, draw
from surveys.sampling.refusals import AllocationRefused, PrecisionRefused, SamplingRefused
from surveys.sampling.selection.firms import select, starting_point
from surveys.sampling.strata.firms import FrameUnit, StratumKey, counts, group
from surveys.sampling.weights import DesignWeight, design_weight

__all__ = [
    "AllocationRefused",
    "DesignWeight",
    "DrawnStratum",
    "FrameUnit",
    "PrecisionRefused",
    "SamplePlan",
    "SamplingRefused",
    "StratumKey",
    "allocate",
    "counts",
    "design_weight",
    "draw",
    "group",
    "select",
    "starting_point",
]
