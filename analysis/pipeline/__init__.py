"""A data set and a plan in, a table and its estimates out. Pure: no Django, no I/O.

`run` does it in one go. `divided`, `worked` and `joined` are the same in pieces, which any
number of processes can carry out in any order.
"""

from analysis.pipeline.checking import check
from analysis.pipeline.designs import design_of
from analysis.pipeline.estimating import Finding, worked
from analysis.pipeline.joining import describe_all, joined
from analysis.pipeline.keeping import found_again, kept
from analysis.pipeline.pieces import Piece, divided, fingerprint, is_small
from analysis.pipeline.prepared import Prepared
from analysis.pipeline.running import Progress, quiet, run, telling
from analysis.pipeline.tabling import Results

__all__ = [
    "Finding",
    "Piece",
    "Prepared",
    "Progress",
    "Results",
    "check",
    "describe_all",
    "design_of",
    "divided",
    "fingerprint",
    "found_again",
    "is_small",
    "joined",
    "kept",
    "quiet",
    "run",
    "telling",
    "worked",
]
