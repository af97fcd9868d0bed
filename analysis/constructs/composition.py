"""What a network is made of: shares by scale, E-I index, entropy, concentration, reach.

A tie is a pair of a partner type and a scale at which the firm had a partner of that type.
With t_ps = 1 for a tie and T = sum of t_ps, the share of scale s is sum_p t_ps / T.
"""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import Grid, grid
from analysis.constructs.entry import Entry
from analysis.constructs.measured import Floats, Measured, ratio
from analysis.constructs.networking import INTERNAL_SOURCES
from analysis.constructs.places import INSIDE, NEAR_TO_FAR, Crosswalk, scales_of, within
from analysis.dataset import Dataset

NO_TIES = (
    "Missing for a firm without a tie, and if every answer is missing; a blank among answers "
    "counts as no."
)
KRACKHARDT = "Krackhardt & Stern (1988)"
SHANNON = "Shannon (1948)"
HERFINDAHL = "Herfindahl (1950)"

_COOPERATION = (("networking.cooperation",),)
_SOURCES = (("sourcing.scale",),)

_SHARE = Entry(
    "partner_share", _COOPERATION, "Share of ties",
    "Ties at {at} over all ties; a tie is a partner type at a scale.",
    (0, 1), NO_TIES, dimension="scale",
)  # fmt: skip
_SOURCE_SHARE = Entry(
    "source_share", _SOURCES, "Share of sources",
    "External sources used at {at} over the sum of such counts over all scales.",
    (0, 1), NO_TIES, dimension="scale",
)  # fmt: skip
_EI = Entry(
    "ei_index", _COOPERATION, "E-I index",
    "(E - I) / (E + I): ties outside the own region less ties inside it (local area, rest of "
    "the region), over all ties.",
    (-1, 1), NO_TIES, KRACKHARDT, codes=INSIDE,
)  # fmt: skip
_EI_AT = Entry(
    "ei_index", _COOPERATION, "E-I index",
    "(E - I) / (E + I): ties elsewhere less ties at {at}, over all ties.",
    (-1, 1), NO_TIES, KRACKHARDT, "scale",
)  # fmt: skip
_SCALE_ENTROPY = Entry(
    "scale_entropy", _COOPERATION, "Entropy over scales",
    "-sum q ln q over the shares q of the scales in all ties, in nats.",
    "0 to the natural log of the number of scales asked", NO_TIES, SHANNON,
)  # fmt: skip
_SCALE_HERFINDAHL = Entry(
    "scale_herfindahl", _COOPERATION, "Concentration on scales",
    "sum q^2 over the shares q of the scales in all ties.",
    "1 over the number of scales asked, to 1", NO_TIES, HERFINDAHL,
)  # fmt: skip
_TYPE_ENTROPY = Entry(
    "type_entropy", _COOPERATION, "Entropy over partner types",
    "-sum q ln q over the shares q of the partner types in all ties, in nats.",
    "0 to the natural log of the number of partner types asked", NO_TIES, SHANNON,
)  # fmt: skip
_TYPE_HERFINDAHL = Entry(
    "type_herfindahl", _COOPERATION, "Concentration on partner types",
    "sum q^2 over the shares q of the partner types in all ties.",
    "1 over the number of partner types asked, to 1", NO_TIES, HERFINDAHL,
)  # fmt: skip
_REACH = Entry(
    "reach", _COOPERATION, "Reach of cooperation",
    "Farthest scale with a partner: 1 local area, 2 rest of the region, 3 rest of the country, "
    "4 rest of Europe, 5 elsewhere in the world.",
    (1, 5), NO_TIES, codes=NEAR_TO_FAR,
)  # fmt: skip
_SOURCE_REACH = Entry(
    "source_reach", _SOURCES, "Reach of search",
    "Farthest scale at which an external source was used: 1 local area to 5 elsewhere in the "
    "world.",
    (1, 5), NO_TIES, codes=NEAR_TO_FAR,
)  # fmt: skip
ENTRIES = (
    _SHARE, _SOURCE_SHARE, _EI, _EI_AT, _SCALE_ENTROPY, _SCALE_HERFINDAHL, _TYPE_ENTROPY,
    _TYPE_HERFINDAHL, _REACH, _SOURCE_REACH,
)  # fmt: skip


def composition(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    """Shares, E-I, entropy, concentration and reach of ties and of sources."""
    if (cooperation := grid(dataset, "networking.cooperation")) is not None:
        yield from _of_ties(cooperation, crosswalk)
    where = grid(dataset, "sourcing.scale")
    if where is not None:
        external = where.of(rows=[each for each in where.rows if each not in INTERNAL_SOURCES])
        by_scale = ticks(external, axis=1)
        yield from _shares(_SOURCE_SHARE, external.columns, by_scale, crosswalk)
        yield from _reach(_SOURCE_REACH, external.columns, by_scale)


def ticks(cells: Grid, axis: int) -> Floats:
    """(n, m) cells that are 1, summed over rows (axis 1) or columns (axis 2).

    Missing for a firm of which every cell is.
    """
    blank = np.asarray(np.isnan(cells.cells).all(axis=(1, 2)))
    return np.where(blank[:, None], np.nan, (cells.cells == 1).sum(axis=axis))


def shares(counts: Floats) -> Floats:
    """(n, m) shares of each row in its sum; missing where the sum is 0."""
    return ratio(counts, np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape))


def entropy(parts: Floats) -> Floats:
    """(n,) -sum q ln q of each row of shares (n, m); 0 ln 0 is 0."""
    logs = np.log(parts, out=np.zeros_like(parts), where=parts > 0)
    # Of one share of 1 the sum is -0.0, which would print with its sign.
    return np.asarray(0.0 - (parts * logs).sum(axis=1))


def herfindahl(parts: Floats) -> Floats:
    """(n,) sum of squared shares of each row of (n, m)."""
    return np.asarray((parts**2).sum(axis=1))


def _of_ties(cooperation: Grid, crosswalk: Crosswalk) -> Iterator[Measured]:
    by_scale, by_type = ticks(cooperation, axis=1), ticks(cooperation, axis=2)
    own = cooperation.columns
    yield from _shares(_SHARE, own, by_scale, crosswalk)
    if inside := within(own, INSIDE):
        yield _EI.measured(_external_internal(own, by_scale, inside))
    for scale, members in scales_of(own, crosswalk).items():
        yield _EI_AT.measured(_external_internal(own, by_scale, members), at=scale)
    for counts, of_entropy, of_herfindahl in (
        (by_scale, _SCALE_ENTROPY, _SCALE_HERFINDAHL),
        (by_type, _TYPE_ENTROPY, _TYPE_HERFINDAHL),
    ):
        parts, kinds = shares(counts), counts.shape[1]
        yield of_entropy.measured(entropy(parts), range=(0, float(np.log(kinds))))
        yield of_herfindahl.measured(herfindahl(parts), range=(1 / kinds, 1))
    yield from _reach(_REACH, own, by_scale)


def _shares(
    entry: Entry, own: tuple[str, ...], by_scale: Floats, crosswalk: Crosswalk
) -> Iterator[Measured]:
    parts = shares(by_scale)
    for scale, members in scales_of(own, crosswalk).items():
        yield entry.measured(_at(own, parts, members), at=scale)


def _at(own: tuple[str, ...], values: Floats, members: tuple[str, ...]) -> Floats:
    return np.asarray(values[:, [own.index(each) for each in members]].sum(axis=1))


def _external_internal(own: tuple[str, ...], by_scale: Floats, inside: tuple[str, ...]) -> Floats:
    internal, all_ties = _at(own, by_scale, inside), by_scale.sum(axis=1)
    # The difference can be below 0, which `ratio` takes as it is.
    return ratio(all_ties - 2 * internal, all_ties)


def _reach(entry: Entry, own: tuple[str, ...], by_scale: Floats) -> Iterator[Measured]:
    """Only where every scale asked has a place between near and far."""
    if not own or not set(own) <= set(NEAR_TO_FAR):
        return
    ranks = np.array([NEAR_TO_FAR.index(each) + 1 for each in own], dtype=float)
    farthest = np.where(by_scale > 0, ranks, 0.0).max(axis=1)
    yield entry.measured(
        np.where(farthest > 0, farthest, np.nan), range=(float(ranks.min()), float(ranks.max()))
    )
