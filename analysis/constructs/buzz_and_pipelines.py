"""Local buzz and global pipelines, lock-in, and proximity for a time.

Buzz and pipelines: Bathelt, Malmberg & Maskell (2004). Temporary proximity: Torre & Rallet
(2005). Lock-in of strong local ties without newcomers: the map of the field, L12.
"""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import by_coordinate, code_is_among, column, grid, side_by_side
from analysis.constructs.composition import ticks
from analysis.constructs.entry import Entry
from analysis.constructs.measured import (
    ALL_MISSING,
    Floats,
    Measured,
    count_true,
    mean_given,
    ratio,
)
from analysis.constructs.places import ABROAD, INSIDE, OUTSIDE, within
from analysis.dataset import Dataset

BATHELT = "Bathelt, Malmberg & Maskell (2004)"
TORRE = "Torre & Rallet (2005)"
LOCAL = ("local",)
# A tie that began within the three years of a reference period is a newcomer.
NEWCOMER_YEARS = 3.0
TRUST_HIGHEST = 4.0

_COOPERATION = (("networking.cooperation",),)
_INFORMAL = (("informal.scale",), ("informal.frequency",))
_CONTACT = (("contact.place",), ("contact.meetings",))
_NO_CONTACTS = "Missing for a firm without a partner of which both place and meetings are known."

_BUZZ = Entry(
    "buzz", _INFORMAL, "Local buzz",
    "Mean over the venues of informal talk of how often useful things were picked up there (0 "
    "never to 3 every week), a venue without people of the local area counting 0.",
    (0, 3), ALL_MISSING, BATHELT, codes=LOCAL,
)  # fmt: skip
_BUZZ_VENUES = Entry(
    "buzz_venues", _INFORMAL, "Venues of local buzz",
    "Number of venues at which useful things were picked up from people of the local area.",
    "0 to the number of venues asked", ALL_MISSING, BATHELT, codes=LOCAL,
)  # fmt: skip
_UNTRADED = Entry(
    "untraded", (("informal.untraded",),), "Untraded interdependencies",
    "Mean gain from what firms of the local area share without pay (0 not at all to 3 very "
    "much), over the assets answered.",
    (0, 3), "Missing if every asset was left blank.", "Storper (1995)",
)  # fmt: skip
_PIPELINES = Entry(
    "pipelines", _COOPERATION, "Pipelines",
    "Number of partner types with at least one partner outside the own region: formal, distant "
    "cooperation.",
    "0 to the number of partner types asked", ALL_MISSING, BATHELT, codes=OUTSIDE,
)  # fmt: skip
_PIPELINES_ABROAD = Entry(
    "pipelines_abroad", _COOPERATION, "Pipelines abroad",
    "Number of partner types with at least one partner abroad.",
    "0 to the number of partner types asked", ALL_MISSING, BATHELT, codes=ABROAD,
)  # fmt: skip
_LOCK_IN = Entry(
    "lock_in", (("networking.cooperation",), ("trust.partners",), ("contact.age",)), "Lock-in",
    "L S (1 - N): L ties inside the own region over all ties; S trust in partners of the local "
    "area over 4; N partner types of which the tie is younger than three years, over those of "
    "which its age is known.",
    (0, 1), "Missing if any of the three is: for a firm without a tie, without partners in the "
    "local area, or without a tie of known age.", "Map of the field, L12", codes=INSIDE,
)  # fmt: skip
_TEMPORARY = Entry(
    "temporary_proximity", _CONTACT, "Temporary proximity",
    "Main partners outside the own region that were met in person at least once in the year, "
    "over all main partners of which place and meetings are known.",
    (0, 1), _NO_CONTACTS, TORRE,
)  # fmt: skip
_COLOCATED = Entry(
    "colocated_share", _CONTACT, "Co-located share",
    "Main partners inside the own region over all of which place and meetings are known.",
    (0, 1), _NO_CONTACTS, TORRE,
)  # fmt: skip
_NEVER_MET = Entry(
    "never_met_share", _CONTACT, "Share never met",
    "Main partners outside the own region that were not met in the year, over all of which "
    "place and meetings are known.",
    (0, 1), _NO_CONTACTS, TORRE,
)  # fmt: skip
ENTRIES = (
    _BUZZ, _BUZZ_VENUES, _UNTRADED, _PIPELINES, _PIPELINES_ABROAD, _LOCK_IN, _TEMPORARY,
    _COLOCATED, _NEVER_MET,
)  # fmt: skip


def buzz_and_pipelines(dataset: Dataset) -> Iterator[Measured]:
    """Informal local and formal distant exchange, lock-in, and ties kept by visits."""
    yield from _buzz(dataset)
    yield from _untraded(dataset)
    yield from _pipelines(dataset)
    yield from _lock_in(dataset)
    yield from _by_meeting(dataset)


def _buzz(dataset: Dataset) -> Iterator[Measured]:
    where, often = grid(dataset, "informal.scale"), by_coordinate(dataset, "informal.frequency")
    venues = within(tuple(often), where.rows) if where is not None else ()
    if where is None or not venues or not within(where.columns, LOCAL):
        return
    asked = where.of(rows=venues)
    local = asked.rows_at(LOCAL)
    frequency = side_by_side(often[venue] for venue in asked.rows)
    heard = np.where(frequency == 0, 0.0, frequency * local)
    yield _BUZZ.measured(mean_given(heard), parts=dict(zip(asked.rows, heard.T, strict=True)))
    counts = count_true(np.where(np.isnan(heard), np.nan, (heard > 0).astype(float)))
    yield _BUZZ_VENUES.measured(counts, range=(0, len(venues)), note=f"0 to {len(venues)}.")


def _untraded(dataset: Dataset) -> Iterator[Measured]:
    if assets := by_coordinate(dataset, "informal.untraded"):
        yield _UNTRADED.measured(mean_given(side_by_side(assets.values())), parts=assets)


def _pipelines(dataset: Dataset) -> Iterator[Measured]:
    cooperation = grid(dataset, "networking.cooperation")
    if cooperation is None:
        return
    length = len(cooperation.rows)
    for entry in (_PIPELINES, _PIPELINES_ABROAD):
        if scales := within(cooperation.columns, entry.codes):
            counts = count_true(cooperation.rows_at(scales))
            yield entry.measured(counts, range=(0, length), note=f"0 to {length}.")


def _lock_in(dataset: Dataset) -> Iterator[Measured]:
    cooperation, trust = grid(dataset, "networking.cooperation"), local_trust(dataset)
    ages = by_coordinate(dataset, "contact.age")
    if cooperation is None or trust is None or not ages or not within(cooperation.columns, INSIDE):
        return
    age = side_by_side(ages.values())
    newcomers = np.where(np.isnan(age), np.nan, (age < NEWCOMER_YEARS).astype(float))
    yield _LOCK_IN.measured(
        regional_share(dataset) * trust / TRUST_HIGHEST * (1.0 - mean_given(newcomers))
    )


def local_trust(dataset: Dataset) -> Floats | None:
    """(n,) trust in partners of the local area, 0 to 4."""
    return column(dataset, "trust.partners[local]")


def regional_share(dataset: Dataset) -> Floats:
    """(n,) ties inside the own region over all ties; missing without a tie."""
    cooperation = grid(dataset, "networking.cooperation")
    if cooperation is None:
        return np.full(len(dataset.frame), np.nan)
    inside = ticks(cooperation.of(columns=INSIDE), axis=2).sum(axis=1)
    blank = np.isnan(cooperation.cells).all(axis=(1, 2))
    return ratio(
        np.where(np.isnan(inside) & ~blank, 0.0, inside), ticks(cooperation, axis=2).sum(axis=1)
    )


def _by_meeting(dataset: Dataset) -> Iterator[Measured]:
    met = by_coordinate(dataset, "contact.meetings")
    placed = {each.coordinates[0][1] for each in dataset.variables_of("contact.place")}
    partners = [each for each in met if each in placed]
    if not partners:
        return
    meetings = side_by_side(met[each] for each in partners)
    near = code_is_among(dataset, "contact.place", partners, INSIDE)
    far = code_is_among(dataset, "contact.place", partners, OUTSIDE) & ~np.isnan(meetings)
    known = far | (near & ~np.isnan(meetings))
    whole = known.sum(axis=1).astype(float)
    for entry, kind in (
        (_TEMPORARY, far & (meetings > 0)),
        (_COLOCATED, known & ~far),
        (_NEVER_MET, far & (meetings == 0)),
    ):
        yield entry.measured(ratio(kind.sum(axis=1).astype(float), whole))
