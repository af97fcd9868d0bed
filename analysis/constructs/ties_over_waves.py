"""Ties and named partners that firms kept, lost and won since the wave before.

Measures of a panel alone. A tie is a kind of partner at a scale with which the firm cooperates;
a partner is one that it named.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analysis.constructs.cells import Grid, grid
from analysis.constructs.entry import Entry
from analysis.constructs.measured import Floats, Measured, Rows, ratio
from analysis.constructs.partner_turnover import partner_turnover
from analysis.dataset import Dataset, Roster
from analysis.linking import rows_earlier

_COOPERATION = (("networking.cooperation",),)
_PARTNERS = (("networking.partners",),)
_NO_WAVE_BEFORE = "Missing in the first wave, and for a firm that did not answer the wave before"
_OF_COUNTS = f"{_NO_WAVE_BEFORE}, or all of whose cells are missing in one of both."
_OF_NONE = f"{_NO_WAVE_BEFORE}; and where nothing stands below the fraction."
_CELLS = "0 to the number of kinds of partner times scales asked in every wave"
_AT_SCALE = "0 to the number of kinds of partner asked in every wave"

_KEPT = Entry(
    "ties_kept", _COOPERATION, "Ties kept",
    "Kinds of partner at a scale with which the firm cooperated in the wave before and does now.",
    _CELLS, _OF_COUNTS,
)  # fmt: skip
_LOST = Entry(
    "ties_lost", _COOPERATION, "Ties lost",
    "Kinds of partner at a scale with which the firm cooperated in the wave before and not now.",
    _CELLS, _OF_COUNTS,
)  # fmt: skip
_NEW = Entry(
    "ties_new", _COOPERATION, "New ties",
    "Kinds of partner at a scale with which the firm cooperates now and not in the wave before.",
    _CELLS, _OF_COUNTS,
)  # fmt: skip
_TURNOVER = Entry(
    "tie_turnover", _COOPERATION, "Turnover of ties",
    "1 - k / (k + l + w) of k ties kept, l lost and w new: the Jaccard distance of both waves.",
    (0, 1), _OF_NONE,
)  # fmt: skip
_KEPT_AT = Entry(
    "ties_kept", _COOPERATION, "Ties kept", "Ties kept that are at {at}.",
    _AT_SCALE, _OF_COUNTS, dimension="scale",
)  # fmt: skip
_LOST_AT = Entry(
    "ties_lost", _COOPERATION, "Ties lost", "Ties lost that were at {at}.",
    _AT_SCALE, _OF_COUNTS, dimension="scale",
)  # fmt: skip
_NEW_AT = Entry(
    "ties_new", _COOPERATION, "New ties", "New ties that are at {at}.",
    _AT_SCALE, _OF_COUNTS, dimension="scale",
)  # fmt: skip
_PARTNERS_KEPT = Entry(
    "ego_kept_share", _PARTNERS, "Named partners kept",
    "Partners named in the wave before and now, over those named in the wave before.",
    (0, 1), _OF_NONE, of_entries=True,
)  # fmt: skip
_PARTNERS_NEW = Entry(
    "ego_new_share", _PARTNERS, "Named partners that are new",
    "Partners named now and not in the wave before, over those named now.",
    (0, 1), _OF_NONE, of_entries=True,
)  # fmt: skip
_PARTNER_TURNOVER = Entry(
    "ego_turnover", _PARTNERS, "Turnover of named partners",
    "1 - k / (a + b - k) of a partners named in the wave before, b now and k in both: the "
    "Jaccard distance.",
    (0, 1), _OF_NONE, "Map of the field, N6", of_entries=True,
)  # fmt: skip
ENTRIES = (
    _KEPT, _LOST, _NEW, _TURNOVER, _KEPT_AT, _LOST_AT, _NEW_AT, _PARTNERS_KEPT, _PARTNERS_NEW,
    _PARTNER_TURNOVER,
)  # fmt: skip


def ties_over_waves(panel: Dataset, everywhere: Dataset) -> Iterator[Measured]:
    """What became of ties and named partners since the wave before.

    `everywhere` is the panel with the variables alone that every wave asked: a tie that was not
    asked for was neither lost nor won.
    """
    order = [str(each["wave"]) for each in panel.waves]
    before = rows_earlier(panel.units, panel.design["wave"], order)
    if (cooperation := grid(everywhere, "networking.cooperation")) is not None:
        yield from _of_ties(cooperation, before)
    if len(panel.rosters) == 1:
        yield from _of_partners(panel, panel.rosters[0], order)


def _of_ties(cooperation: Grid, before: npt.NDArray[np.intp]) -> Iterator[Measured]:
    now, then = cooperation.cells, cooperation.cells[before]
    answered = (before >= 0) & _answered(now) & _answered(then)
    kept, lost, new = (
        (now == 1) & (then == 1),
        (now != 1) & (then == 1),
        (now == 1) & (then != 1),
    )
    sums = [_counted(each, answered) for each in (kept, lost, new)]
    yield from (
        entry.measured(values) for entry, values in zip((_KEPT, _LOST, _NEW), sums, strict=True)
    )
    yield _TURNOVER.measured(ratio(sums[1] + sums[2], sums[0] + sums[1] + sums[2]))
    for entry, cells in ((_KEPT_AT, kept), (_LOST_AT, lost), (_NEW_AT, new)):
        for place, scale in enumerate(cooperation.columns):
            yield entry.measured(_counted(cells[:, :, [place]], answered), at=scale)


def _answered(cells: Floats) -> Rows:
    return np.asarray(~np.isnan(cells).all(axis=(1, 2)))


def _counted(cells: Rows, answered: Rows) -> Floats:
    return np.where(answered, cells.sum(axis=(1, 2)).astype(float), np.nan)


def _of_partners(panel: Dataset, roster: Roster, order: Sequence[str]) -> Iterator[Measured]:
    columns = {
        _PARTNERS_KEPT: "kept_share", _PARTNERS_NEW: "new_share", _PARTNER_TURNOVER: "turnover",
    }  # fmt: skip
    values = {entry: np.full(len(panel.frame), np.nan) for entry in columns}
    waves = panel.design["wave"].to_numpy()
    units = np.array(panel.units, dtype=object)
    for earlier, later in itertools.pairwise(order):
        found = partner_turnover(_of_wave(roster, earlier), _of_wave(roster, later))
        rows = np.flatnonzero(waves == later)
        for entry, column in columns.items():
            values[entry][rows] = found[column].reindex(units[rows]).to_numpy(dtype=float)
    yield from (entry.measured(each) for entry, each in values.items())


def _of_wave(roster: Roster, wave: str) -> Roster:
    """The roster of one wave; a firm of a panel is named wave/pseudonym."""
    kept = [place for place, firm in enumerate(roster.firms) if firm.startswith(f"{wave}/")]
    return Roster(
        name=roster.name,
        firms=tuple(roster.firms[place] for place in kept),
        units=tuple(roster.units[place] for place in kept),
        entries=roster.entries[roster.entries["wave"] == wave],
    )
