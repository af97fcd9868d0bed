"""The ability to use outside knowledge: graduates, continuous R&D, training (Cohen & Levinthal)."""

from collections.abc import Iterator

from analysis.constructs.cells import column, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import NO_PARTS, Floats, Measured, mean_of_all, ratio, where_known
from analysis.dataset import Dataset

COHEN = "Cohen & Levinthal (1990); index ours"
CONTINUOUS = 2.0
PER_CENT = 100.0

_CAPACITY = Entry(
    "absorptive_capacity",
    (("control.graduate_share",), ("research.inside",), ("learning.trained_share",)),
    "Absorptive capacity",
    "Mean of: share of staff with a degree; 1 if R&D is done all the time, else 0; share of "
    "staff who took part in training.",
    (0, 1), NO_PARTS, COHEN,
)  # fmt: skip
_INTENSITY = Entry(
    "research_intensity", (("research.spending",), ("control.turnover",)), "R&D intensity",
    "Spending on R&D inside over turnover, last year.",
    "0 and above", "Missing if either amount is, and for a firm without turnover.",
    "OECD (2015), Frascati Manual",
)  # fmt: skip
_STAFF = Entry(
    "research_staff_share", (("research.staff",), ("control.employment",)), "R&D staff share",
    "Full-time equivalents in R&D over persons employed, last year.",
    "0 and above", "Missing if either number is, and for a firm without persons.",
    "OECD (2015), Frascati Manual",
)  # fmt: skip
ENTRIES = (_CAPACITY, _INTENSITY, _STAFF)


def absorptive_capacity(dataset: Dataset) -> Iterator[Measured]:
    """The index and the effort in research, as far as constructs are bound."""
    parts = _parts(dataset)
    if parts:
        yield _CAPACITY.measured(
            mean_of_all(side_by_side(parts.values())), parts=parts, reflective=False
        )
    for entry in (_INTENSITY, _STAFF):
        (effort,), (whole,) = entry.needs
        part, total = column(dataset, effort), column(dataset, whole)
        if part is not None and total is not None:
            yield entry.measured(ratio(part, total))


def _parts(dataset: Dataset) -> dict[str, Floats]:
    """The three parts from 0 to 1; empty if one was not asked."""
    graduates, inside, trained = (column(dataset, either[0]) for either in _CAPACITY.needs)
    if graduates is None or inside is None or trained is None:
        return {}
    return {
        "graduates": graduates / PER_CENT,
        "continuous": where_known(inside, inside == CONTINUOUS),
        "trained": trained / PER_CENT,
    }
