"""Sample plans as documents: read with every problem named, worked out on a frame, drawn.

docs/reference/sample-plan.md describes the document.
"""

from surveys.sampling.designs.design import ENDS, Design
from surveys.sampling.designs.drawing import Earlier, drawn_sample, starts_of
from surveys.sampling.designs.frame import FrameColumns
from surveys.sampling.designs.outlook import outlook
from surveys.sampling.designs.problems import DesignErrors, Problem
from surveys.sampling.designs.raising import Shortfall, shortfall, sized_for_draw
from surveys.sampling.designs.reading import read
from surveys.sampling.designs.remarks import remark_on_ended, remarks
from surveys.sampling.designs.sizing import Sized, sized
from surveys.sampling.designs.stratifying import Stratified, stratified

__all__ = [
    "ENDS",
    "Design",
    "DesignErrors",
    "Earlier",
    "FrameColumns",
    "Problem",
    "Shortfall",
    "Sized",
    "Stratified",
    "drawn_sample",
    "outlook",
    "read",
    "remark_on_ended",
    "remarks",
    "shortfall",
    "sized",
    "sized_for_draw",
    "starts_of",
    "stratified",
]
