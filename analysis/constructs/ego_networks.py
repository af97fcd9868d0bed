"""The network around a firm, from the partners that it named.

Heterogeneity is Blau's (1977) 1 - sum of squared shares. A roster that is bound to
``networking.partners`` gives counts by type and scale; what joins two answers of one partner
(where the tie began and where the partner is now) needs the entries themselves.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.constructs.cells import Grid, grid
from analysis.constructs.composition import herfindahl, shares
from analysis.constructs.entry import Entry
from analysis.constructs.measured import Floats, Measured, ratio
from analysis.constructs.places import INSIDE, OUTSIDE, Crosswalk, scales_of
from analysis.constructs.proximities import HIGHEST, KINDS
from analysis.dataset import Dataset, Roster

BLAU = "Blau (1977)"
PLACE = "networking.partners[scale]"
BEGAN_AT = "networking.ties_by_beginning[scale]"
YEARS_OF_A_NEWCOMER = 3

_PARTNERS = (("networking.partners",),)
_NAMED = "Missing for a firm that was not asked, and for one that named nobody."
_NO_PLACE = "Missing for a firm that named nobody of whom this is known."

_SIZE = Entry(
    "ego_size", _PARTNERS, "Named partners", "Number of partners named, of known type and place.",
    "0 to the most partners that can be named", "Missing for a firm that was not asked.",
)  # fmt: skip
_DENSITY = Entry(
    "ego_density", (("networking.partner_pairs",), *_PARTNERS), "Density among named partners",
    "Pairs of named partners that work with each other, over the m (m - 1) / 2 pairs of the m "
    "partners named; at most 1.",
    (0, 1), "Missing for a firm that named fewer than two partners or left the question blank.",
    "Wasserman & Faust (1994)",
)  # fmt: skip
_TYPES = Entry(
    "ego_type_heterogeneity", _PARTNERS, "Heterogeneity of named partners by type",
    "1 - sum q^2 over the shares q of the types among the partners named.",
    "0 to 1 less 1 over the number of types asked", _NAMED, BLAU,
)  # fmt: skip
_SCALES = Entry(
    "ego_scale_heterogeneity", _PARTNERS, "Heterogeneity of named partners by scale",
    "1 - sum q^2 over the shares q of the scales among the partners named.",
    "0 to 1 less 1 over the number of scales asked", _NAMED, BLAU,
)  # fmt: skip
_SHARE = Entry(
    "ego_share", _PARTNERS, "Share of named partners", "Partners named at {at} over all named.",
    (0, 1), _NAMED, dimension="scale",
)  # fmt: skip
_BEGUN = Entry(
    "ego_begun_local", (("networking.ties_by_beginning",),), "Ties begun locally",
    "Ties to named partners that began in the local area, over all of which the place of the "
    "beginning is known.",
    (0, 1), _NO_PLACE, "Map of the field, L10", codes=("local",),
)  # fmt: skip
_MOVED = Entry(
    "ego_begun_near_now_far", (("networking.partners",), ("networking.ties_by_beginning",)),
    "Ties begun near and now far",
    "Ties to named partners that began inside the own region and whose partner is outside it "
    "now, over all of which both places are known.",
    (0, 1), _NO_PLACE, "Map of the field, L10", of_entries=True,
)  # fmt: skip
_NEWCOMERS = Entry(
    "ego_newcomers", (("tie.beginning_year",),), "New ties",
    "Ties to named partners that began within the three years up to the last of the reference "
    "period, over all of which the year is known.",
    (0, 1), _NO_PLACE, of_entries=True,
)  # fmt: skip
_LOCK_IN = Entry(
    "ego_lock_in", (("networking.partners",), ("tie.social",), ("tie.beginning_year",)),
    "Lock-in of named partners",
    "L S (1 - N): L share of named partners inside the own region; S mean social proximity of "
    "these over 4; N share of new ties. 0 where L is 0.",
    (0, 1), "Missing if a part is; S is not needed where L is 0.", "Map of the field, L12",
    of_entries=True,
)  # fmt: skip
_TEMPORARY = Entry(
    "ego_temporary_proximity", (("networking.partners",), ("tie.meetings",)),
    "Temporary proximity of named partners",
    "Named partners outside the own region that were met in person in the year, over all of "
    "whom place and meetings are known.",
    (0, 1), _NO_PLACE, "Torre & Rallet (2005)", of_entries=True,
)  # fmt: skip
_PROXIMITY = Entry(
    "ego_proximity", (tuple(f"tie.{kind}" for kind in KINDS),), "Proximity of named partners",
    "Mean over the partners named of {at} of proximity, 0 to 4.",
    (0, HIGHEST), _NO_PLACE, "Boschma (2005)", "kind", of_entries=True,
)  # fmt: skip
ENTRIES = (
    _SIZE, _DENSITY, _TYPES, _SCALES, _SHARE, _BEGUN, _MOVED, _NEWCOMERS, _LOCK_IN, _TEMPORARY,
    _PROXIMITY,
)  # fmt: skip


def ego_networks(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    """Size, heterogeneity, density and history of the partners that each firm named."""
    if (partners := grid(dataset, "networking.partners")) is not None:
        yield from _of_counts(dataset, partners, crosswalk)
    if (begun := grid(dataset, "networking.ties_by_beginning")) is not None:
        by_place = begun.cells.sum(axis=1)
        if "local" in begun.columns:
            local = by_place[:, begun.columns.index("local")]
            yield _BEGUN.measured(ratio(local, by_place.sum(axis=1)))
    for roster in dataset.rosters:
        yield from _of_entries(dataset, roster)


def _of_counts(dataset: Dataset, partners: Grid, crosswalk: Crosswalk) -> Iterator[Measured]:
    by_type, by_scale = partners.cells.sum(axis=2), partners.cells.sum(axis=1)
    size = by_type.sum(axis=1)
    yield _SIZE.measured(size)
    for entry, counts in ((_TYPES, by_type), (_SCALES, by_scale)):
        most = 1 - 1 / counts.shape[1]
        yield entry.measured(1.0 - herfindahl(shares(counts)), range=(0, most))
    parts = dict(zip(partners.columns, shares(by_scale).T, strict=True))
    for scale, members in scales_of(partners.columns, crosswalk).items():
        yield _SHARE.measured(np.sum([parts[each] for each in members], axis=0), at=scale)
    if dataset.variables_of("networking.partner_pairs"):
        pairs = dataset.frame["networking.partner_pairs"].to_numpy(dtype=float)
        yield _DENSITY.measured(np.minimum(ratio(pairs, size * (size - 1) / 2), 1.0))


def _of_entries(dataset: Dataset, roster: Roster) -> Iterator[Measured]:
    table = roster.entries
    if {PLACE, BEGAN_AT} <= set(table.columns):
        yield _MOVED.measured(_moved(dataset, table))
    newcomers = _newcomers(dataset, table)
    if newcomers is not None:
        yield _NEWCOMERS.measured(_share_of(dataset, newcomers, table.index))
    if newcomers is not None and {PLACE, "tie.social"} <= set(table.columns):
        yield _LOCK_IN.measured(_lock_in(dataset, table, newcomers))
    if {PLACE, "tie.meetings"} <= set(table.columns):
        far, met = _placed(table[PLACE], OUTSIDE), table["tie.meetings"].to_numpy(dtype=float)
        visited = np.where(np.isnan(far) | np.isnan(met), np.nan, (far == 1) & (met > 0))
        yield _TEMPORARY.measured(_share_of(dataset, visited, table.index))
    for kind in KINDS:
        if f"tie.{kind}" in table.columns:
            rated = table[f"tie.{kind}"].to_numpy(dtype=float)
            yield _PROXIMITY.measured(_share_of(dataset, rated, table.index), at=kind)


def _placed(places: pd.Series, wanted: tuple[str, ...]) -> Floats:
    """1 where the place is among the wanted, 0 where it is another, missing if it is unknown."""
    known = places.isin([*INSIDE, *OUTSIDE]).to_numpy()
    return np.where(known, places.isin(wanted).to_numpy().astype(float), np.nan)


def _share_of(dataset: Dataset, of_entries: Floats, firms: pd.Index) -> Floats:
    """(n,) mean over the firm's entries of a value each; missing where none has one."""
    known = ~np.isnan(of_entries)
    place = dataset.frame.index.get_indexer(firms[known])
    count = len(dataset.frame)
    kept, values = place[place >= 0], of_entries[known][place >= 0]
    sums = np.bincount(kept, values, minlength=count).astype(float)
    return ratio(sums, np.bincount(kept, minlength=count).astype(float))


def _moved(dataset: Dataset, table: pd.DataFrame) -> Floats:
    near_then, far_now = _placed(table[BEGAN_AT], INSIDE), _placed(table[PLACE], OUTSIDE)
    moved = np.where(np.isnan(near_then) | np.isnan(far_now), np.nan, near_then * far_now)
    return _share_of(dataset, moved, table.index)


def _newcomers(dataset: Dataset, table: pd.DataFrame) -> Floats | None:
    last_year = dataset.provenance.get("reference_last_year")
    if last_year is None or "tie.beginning_year" not in table.columns:
        return None
    began = table["tie.beginning_year"].to_numpy(dtype=float)
    return np.where(np.isnan(began), np.nan, began > last_year - YEARS_OF_A_NEWCOMER)


def _lock_in(dataset: Dataset, table: pd.DataFrame, newcomers: Floats) -> Floats:
    near, social = _placed(table[PLACE], INSIDE), table["tie.social"].to_numpy(dtype=float)
    local = _share_of(dataset, near, table.index)
    strength = _share_of(dataset, np.where(near == 1, social, np.nan), table.index) / HIGHEST
    strength = np.where(local == 0, 0.0, strength)
    return local * strength * (1.0 - _share_of(dataset, newcomers, table.index))
