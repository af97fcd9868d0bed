"""Modes of innovation by partner: science (STI), use and interaction (DUI); kinds of relation.

Fitjar & Rodriguez-Pose (2013): consultants, universities and research centres are partners of
the STI mode, suppliers and customers of the DUI mode in the chain, competitors outside it.
"""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import Grid, grid
from analysis.constructs.composition import NO_TIES, ticks
from analysis.constructs.entry import Entry
from analysis.constructs.measured import ALL_MISSING, Floats, Measured, count_true, ratio
from analysis.constructs.places import CHAIN, COMPETITORS, STI, Crosswalk, scales_of
from analysis.dataset import Dataset

FITJAR = "Fitjar & Rodríguez-Pose (2013)"
_COOPERATION = (("networking.cooperation",),)
_TYPES = "0 to the number of these partner types asked"


def _pair(stem: str, label: str, what: str, codes: tuple[str, ...]) -> tuple[Entry, Entry]:
    start = f"Number of partner types among {what} with at least one partner"
    anywhere = Entry(
        stem, _COOPERATION, label, f"{start} anywhere.", _TYPES, ALL_MISSING, FITJAR, codes=codes
    )
    at_scale = Entry(
        stem, _COOPERATION, label, f"{start} at {{at}}.", _TYPES, ALL_MISSING, FITJAR, "scale",
        codes=codes,
    )  # fmt: skip
    return anywhere, at_scale


_COUNTS = (
    _pair(
        "sti_partners", "STI partners",
        "consultants and laboratories, universities, research institutes", STI,
    ),
    _pair("dui_chain_partners", "DUI partners in the chain", "suppliers and customers", CHAIN),
    _pair("dui_outside_partners", "DUI partners outside the chain", "competitors", COMPETITORS),
)  # fmt: skip


def _share_pair(stem: str, label: str, what: str, codes: tuple[str, ...]) -> tuple[Entry, Entry]:
    anywhere = Entry(
        stem, _COOPERATION, label, f"Ties with {what} over all ties.", (0, 1), NO_TIES,
        "Bellandi, after Asheim", codes=codes,
    )  # fmt: skip
    at_scale = Entry(
        stem, _COOPERATION, label, f"Ties with {what} at {{at}} over all ties there.", (0, 1),
        NO_TIES, "Bellandi, after Asheim", "scale", codes=codes,
    )  # fmt: skip
    return anywhere, at_scale


_SHARES = (
    _share_pair("vertical_share", "Vertical share", "suppliers and customers", CHAIN),
    _share_pair("horizontal_share", "Horizontal share", "competitors", COMPETITORS),
)
ENTRIES = tuple(entry for pair in (*_COUNTS, *_SHARES) for entry in pair)


def modes(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    """Partners of each mode, and shares of vertical and horizontal ties, overall and by scale."""
    cooperation = grid(dataset, "networking.cooperation")
    if cooperation is None:
        return
    for anywhere, at_scale in _COUNTS:
        kind = cooperation.of(rows=anywhere.codes)
        if kind.rows:
            yield from _counts(kind, crosswalk, anywhere, at_scale)
    by_scale = ticks(cooperation, axis=1)
    for anywhere, at_scale in _SHARES:
        kind = cooperation.of(rows=anywhere.codes)
        if kind.rows:
            yield from _kind_shares(kind, by_scale, crosswalk, anywhere, at_scale)


def _counts(
    kind: Grid, crosswalk: Crosswalk, anywhere: Entry, at_scale: Entry
) -> Iterator[Measured]:
    bounds, note = (0, len(kind.rows)), f"0 to {len(kind.rows)}."
    yield anywhere.measured(count_true(kind.rows_at(kind.columns)), range=bounds, note=note)
    for scale, members in scales_of(kind.columns, crosswalk).items():
        counts = count_true(kind.rows_at(members))
        yield at_scale.measured(counts, at=scale, range=bounds, note=note)


def _kind_shares(
    kind: Grid, by_scale: Floats, crosswalk: Crosswalk, anywhere: Entry, at_scale: Entry
) -> Iterator[Measured]:
    """A firm of which some cell was answered has ties of the kind or none: no blanks among them."""
    of_kind = np.where(np.isnan(by_scale), np.nan, (kind.cells == 1).sum(axis=1))
    yield anywhere.measured(ratio(of_kind.sum(axis=1), by_scale.sum(axis=1)))
    for scale, members in scales_of(kind.columns, crosswalk).items():
        places = [kind.columns.index(each) for each in members]
        yield at_scale.measured(
            ratio(of_kind[:, places].sum(axis=1), by_scale[:, places].sum(axis=1)), at=scale
        )
