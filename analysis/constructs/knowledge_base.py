"""The knowledge base: analytical, synthetic, symbolic; tacit, written down, sticky."""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import by_coordinate, column, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import ANY_MISSING, Floats, Measured
from analysis.dataset import Dataset

ASHEIM = "Laestadius, in Asheim; the symbolic base is of later literature"
MAJORITY = 50.0
MIXED = ("mixed", "Mixed")
LABELS = {"analytical": "Analytical", "synthetic": "Synthetic", "symbolic": "Symbolic"}
_BASE = (("knowledge.base",),)

_SHARE = Entry(
    "knowledge_share", _BASE, "Share of development work",
    "Per cent of development work of the kind {at}.",
    (0, 100), ANY_MISSING, ASHEIM, "base",
)  # fmt: skip
_KIND = Entry(
    "knowledge_base", _BASE, "Knowledge base",
    "The base with the largest share if that is 50 per cent or more and no other has as much, "
    "else mixed.",
    "the bases asked, or mixed", "Missing if any of the shares is.", ASHEIM, kind="category",
)  # fmt: skip
_TACIT = Entry(
    "tacit_share", (("knowledge.writable",),), "Tacit share",
    "100 less the per cent of the decisive knowledge that could be written down and sent.",
    (0, 100), ANY_MISSING, "Polanyi (1966)",
)  # fmt: skip
_STICKY = Entry(
    "sticky", (("knowledge.writable",), ("knowledge.usable_outside",)), "Sticky knowledge",
    "1 if half or more of the decisive knowledge could be written down, and still no competent "
    "outsider could use the documents without having worked in the firm.",
    (0, 1), "Missing unless the answers given settle it.", "Map of the field, A9", kind="binary",
)  # fmt: skip
ENTRIES = (_SHARE, _KIND, _TACIT, _STICKY)


def knowledge_base(dataset: Dataset) -> Iterator[Measured]:
    """Kinds of development work, and how far the knowledge can leave the firm."""
    bases = by_coordinate(dataset, "knowledge.base")
    for base, values in bases.items():
        yield _SHARE.measured(values, at=base)
    if bases:
        codes = tuple((base, LABELS.get(base, base)) for base in bases)
        yield _KIND.measured(_largest(bases), codes=(*codes, MIXED))
    writable = column(dataset, "knowledge.writable")
    if writable is None:
        return
    yield _TACIT.measured(100.0 - writable)
    usable = column(dataset, "knowledge.usable_outside")
    if usable is not None:
        yield _STICKY.measured(_sticky(writable, usable))


def _largest(bases: dict[str, Floats]) -> np.ndarray:
    work = side_by_side(bases.values())
    missing = np.isnan(work).any(axis=1)
    filled = np.where(np.isnan(work), -1.0, work)
    first = filled.argmax(axis=1)
    most = filled.max(axis=1)
    is_one = (most >= MAJORITY) & ((filled == most[:, None]).sum(axis=1) == 1)
    kinds = np.where(is_one, np.array(list(bases), dtype=object)[first], MIXED[0])
    kinds[missing] = None
    return kinds


def _sticky(writable: Floats, usable: Floats) -> Floats:
    yes = (writable >= MAJORITY) & (usable == 0)
    no = (writable < MAJORITY) | (usable > 0)
    return np.where(yes, 1.0, np.where(no, 0.0, np.nan))
