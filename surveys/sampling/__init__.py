"""From a frame to a weighted sample. Pure: no Django, no database."""

from surveys.sampling.allocation import AllocationRefused, allocate
from surveys.sampling.plan import DrawnStratum, SamplePlan, draw
from surveys.sampling.selection import select, starting_point
from surveys.sampling.strata import FrameUnit, StratumKey, counts, group
from surveys.sampling.weights import DesignWeight, design_weight

__all__ = [
    "AllocationRefused",
    "DesignWeight",
    "DrawnStratum",
    "FrameUnit",
    "SamplePlan",
    "StratumKey",
    "allocate",
    "counts",
    "design_weight",
    "draw",
    "group",
    "select",
    "starting_point",
]
