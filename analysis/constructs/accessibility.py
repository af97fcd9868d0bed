"""How a firm can reach knowledge: airport, connection, and open channels (Lorentzen)."""

from collections.abc import Iterator

from analysis.constructs.cells import by_coordinate, column, grid, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import (
    ALL_MISSING,
    ANY_MISSING,
    NO_PARTS,
    Measured,
    both,
    count_true,
    mean_given,
    mean_of_all,
    where_known,
)
from analysis.constructs.places import Crosswalk, scales_of
from analysis.dataset import Dataset

LORENTZEN = "Lorentzen, in the map of the field, N25; index ours"
HOUR = 60.0
BEST_CONNECTION, HIGH = 4.0, 3.0
_CHANNELS = (("access.importance",),)
_LIST = "0 to the number of channels asked"

_AIRPORT = Entry(
    "airport_within_hour", (("access.airport_minutes",),), "Airport within an hour",
    "1 if the airport used most is 60 minutes or less from the main site.",
    (0, 1), ANY_MISSING, LORENTZEN, kind="binary",
)  # fmt: skip
_BREADTH = Entry(
    "access_breadth", _CHANNELS, "Open channels used",
    "Number of open channels used for new knowledge, importance 1 or more.",
    _LIST, ALL_MISSING, LORENTZEN,
)  # fmt: skip
_BREADTH_AT = Entry(
    "access_breadth", (*_CHANNELS, ("access.scale",)), "Open channels used",
    "Number of open channels used for new knowledge, importance 1 or more, and used at {at}.",
    _LIST, ALL_MISSING, LORENTZEN, "scale",
)  # fmt: skip
_DEPTH = Entry(
    "access_depth", _CHANNELS, "Open channels rated high",
    "Number of open channels rated high, importance 3.",
    _LIST, ALL_MISSING, LORENTZEN,
)  # fmt: skip
_INDEX = Entry(
    "accessibility",
    (("access.airport_minutes",), ("access.connection",), *_CHANNELS), "Accessibility",
    "Mean of: 1 if the airport is within 60 minutes, else 0; quality of the connection over 4; "
    "mean importance of the open channels answered, over 3.",
    (0, 1), NO_PARTS, LORENTZEN,
)  # fmt: skip
ENTRIES = (_AIRPORT, _BREADTH, _BREADTH_AT, _DEPTH, _INDEX)


def accessibility(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    """Airport, open channels overall and by scale, and an index of both with the connection."""
    minutes, connection = (
        column(dataset, "access.airport_minutes"), column(dataset, "access.connection"),
    )  # fmt: skip
    channels = by_coordinate(dataset, "access.importance")
    near = None if minutes is None else where_known(minutes, minutes <= HOUR)
    if near is not None:
        yield _AIRPORT.measured(near)
    if channels:
        yield from _channels(dataset, crosswalk)
    if near is not None and connection is not None and channels:
        parts = {
            "airport": near,
            "connection": connection / BEST_CONNECTION,
            "channels": mean_given(side_by_side(channels.values())) / HIGH,
        }
        yield _INDEX.measured(
            mean_of_all(side_by_side(parts.values())), parts=parts, reflective=False
        )


def _channels(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    channels = by_coordinate(dataset, "access.importance")
    importance = side_by_side(channels.values())
    used = where_known(importance, importance >= 1)
    bounds, note = (0, len(channels)), f"0 to {len(channels)}."
    parts = dict(zip(channels, used.T, strict=True))
    yield _BREADTH.measured(count_true(used), range=bounds, note=note, parts=parts)
    high = where_known(importance, importance == HIGH)
    yield _DEPTH.measured(count_true(high), range=bounds, note=note)
    where = grid(dataset, "access.scale")
    if where is None or set(where.rows) != set(channels):
        return
    order = [where.rows.index(each) for each in channels]
    for scale, members in scales_of(where.columns, crosswalk).items():
        there = both(used, where.rows_at(members)[:, order])
        yield _BREADTH_AT.measured(count_true(there), at=scale, range=bounds, note=note)
