"""Networking and search by geographic scale.

Partner types by scale: Fitjar & Rodriguez-Pose (2011), the number of partner types with at
least one partner at the scale. Breadth and depth: Laursen & Salter (2006), the number of
external sources used at all, and the number rated high.
"""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import Grid, by_coordinate, grid, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import (
    ALL_MISSING,
    Floats,
    Measured,
    both,
    count_true,
    where_known,
)
from analysis.constructs.places import Crosswalk, scales_of
from analysis.dataset import Dataset

FITJAR = "Fitjar & Rodríguez-Pose (2011)"
LAURSEN = "Laursen & Salter (2006)"
INTERNAL_SOURCES = ("inside", "group")
HIGH = 3.0

_COOPERATION = (("networking.cooperation",),)
_IMPORTANCE = (("sourcing.importance",),)
_SOURCES = (*_IMPORTANCE, ("sourcing.scale",))
_TYPES = "0 to the number of partner types asked"
_LIST = "0 to the number of external sources asked"

_ANY = Entry(
    "cooperates", _COOPERATION, "Cooperates",
    "1 if the firm had at least one partner of any type anywhere.",
    (0, 1), ALL_MISSING, FITJAR, kind="binary",
)  # fmt: skip
_ANY_AT = Entry(
    "cooperates", _COOPERATION, "Cooperates",
    "1 if the firm had at least one partner of any type at {at}.",
    (0, 1), ALL_MISSING, FITJAR, "scale", kind="binary",
)  # fmt: skip
_PARTNERS = Entry(
    "partners", _COOPERATION, "Partner types",
    "Number of partner types with at least one partner anywhere.",
    _TYPES, ALL_MISSING, FITJAR,
)  # fmt: skip
_PARTNERS_AT = Entry(
    "partners", _COOPERATION, "Partner types",
    "Number of partner types with at least one partner at {at}.",
    _TYPES, ALL_MISSING, FITJAR, "scale",
)  # fmt: skip
_TIES = Entry(
    "ties", _COOPERATION, "Ties",
    "Number of pairs of a partner type and a scale with at least one partner.",
    "0 to the number of partner types times the number of scales asked", ALL_MISSING,
)  # fmt: skip
_SEARCHES = Entry(
    "searches", _IMPORTANCE, "Uses external sources",
    "1 if the firm used any external source, importance 1 or more.",
    (0, 1), ALL_MISSING, LAURSEN, kind="binary",
)  # fmt: skip
_SEARCHES_AT = Entry(
    "searches", _SOURCES, "Uses external sources",
    "1 if the firm used any external source, importance 1 or more, and used it at {at}.",
    (0, 1), ALL_MISSING, LAURSEN, "scale", kind="binary",
)  # fmt: skip
_BREADTH = Entry(
    "breadth", _IMPORTANCE, "Breadth of search",
    "Number of external sources used, importance 1 or more.",
    _LIST, ALL_MISSING, LAURSEN,
)  # fmt: skip
_BREADTH_AT = Entry(
    "breadth", _SOURCES, "Breadth of search",
    "Number of external sources used, importance 1 or more, and used at {at}.",
    _LIST, ALL_MISSING, LAURSEN, "scale",
)  # fmt: skip
_DEPTH = Entry(
    "depth", _IMPORTANCE, "Depth of search",
    "Number of external sources rated high, importance 3.",
    _LIST, ALL_MISSING, LAURSEN,
)  # fmt: skip
_DEPTH_AT = Entry(
    "depth", _SOURCES, "Depth of search",
    "Number of external sources rated high, importance 3, and used at {at}.",
    _LIST, ALL_MISSING, LAURSEN, "scale",
)  # fmt: skip
ENTRIES = (
    _ANY, _ANY_AT, _PARTNERS, _PARTNERS_AT, _TIES,
    _SEARCHES, _SEARCHES_AT, _BREADTH, _BREADTH_AT, _DEPTH, _DEPTH_AT,
)  # fmt: skip


def networking(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    """Partner counts, breadth and depth, overall and by scale, as far as constructs are bound.

    `crosswalk` names coarse scales and the instrument's scales each holds; a coarse cell is
    1 if any of its cells is.
    """
    if (cooperation := grid(dataset, "networking.cooperation")) is not None:
        yield from _partners(cooperation, crosswalk)
    yield from _search(dataset, crosswalk)


def external_sources(dataset: Dataset) -> dict[str, Floats]:
    """(n,) importance of every source outside the firm and its group."""
    return {
        source: rated
        for source, rated in by_coordinate(dataset, "sourcing.importance").items()
        if source not in INTERNAL_SOURCES
    }


def _partners(cooperation: Grid, crosswalk: Crosswalk) -> Iterator[Measured]:
    length = len(cooperation.rows)
    places = {"": cooperation.columns} | scales_of(cooperation.columns, crosswalk)
    for scale, members in places.items():
        counts = count_true(cooperation.rows_at(members))
        yield (_ANY_AT if scale else _ANY).measured(where_known(counts, counts > 0), at=scale)
        yield (_PARTNERS_AT if scale else _PARTNERS).measured(
            counts, at=scale, range=(0, length), note=_listed(length)
        )
    cells = cooperation.cells.reshape(len(cooperation.cells), length * len(cooperation.columns))
    yield _TIES.measured(count_true(cells), range=(0, cells.shape[1]), note=_listed(cells.shape[1]))


def _search(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    rated = external_sources(dataset)
    if not rated:
        return
    importance = side_by_side(rated.values())
    used = where_known(importance, importance >= 1)
    high = where_known(importance, importance == HIGH)
    parts = dict(zip(rated, used.T, strict=True))
    yield from _searched(_SEARCHES, _BREADTH, used, "", parts)
    yield _counted(_DEPTH, high)
    where = grid(dataset, "sourcing.scale")
    if where is None:
        return
    for scale, members in scales_of(where.columns, crosswalk).items():
        there = _there(where, tuple(rated), members)
        yield from _searched(_SEARCHES_AT, _BREADTH_AT, both(used, there), scale)
        yield _counted(_DEPTH_AT, both(high, there), scale)


def _there(where: Grid, sources: tuple[str, ...], members: tuple[str, ...]) -> Floats:
    """(n, sources) whether the source was used at the scales; missing if that was not asked."""
    ticked = where.rows_at(members)
    unasked = np.full(len(ticked), np.nan)
    return side_by_side(
        ticked[:, where.rows.index(each)] if each in where.rows else unasked for each in sources
    )


def _searched(
    any_entry: Entry,
    breadth: Entry,
    used: Floats,
    scale: str,
    parts: dict[str, Floats] | None = None,
) -> Iterator[Measured]:
    counts = count_true(used)
    yield any_entry.measured(where_known(counts, counts > 0), at=scale)
    length = used.shape[1]
    yield breadth.measured(
        counts, at=scale, range=(0, length), note=_listed(length), parts=parts or {}
    )


def _counted(entry: Entry, cells: Floats, scale: str = "") -> Measured:
    """The number of rows that are 1, of (n, length) cells."""
    length = cells.shape[1]
    return entry.measured(count_true(cells), at=scale, range=(0, length), note=_listed(length))


def _listed(length: int) -> str:
    return f"0 to {length}."
