"""The strata of a frame: cells, their collapse, and bounds of size classes."""

from surveys.sampling.strata.cells import Cells, cross
from surveys.sampling.strata.collapsing import Collapsed, Joined, Rule, collapse
from surveys.sampling.strata.size_bounds import (
    SizeClasses,
    classes_of,
    cumulative_root_frequency,
    lavallee_hidiroglou,
    root_frequency_bounds,
)

__all__ = [
    "Cells",
    "Collapsed",
    "Joined",
    "Rule",
    "SizeClasses",
    "classes_of",
    "collapse",
    "cross",
    "cumulative_root_frequency",
    "lavallee_hidiroglou",
    "root_frequency_bounds",
]
