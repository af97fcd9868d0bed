"""Embeddedness after Hess (societal, network, territorial), and social capital.

The three kinds are Hess's; which answers stand for them, and the equal weights, are ours.
"""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.buzz_and_pipelines import regional_share
from analysis.constructs.cells import Grid, by_coordinate, column, grid, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import (
    NO_PARTS,
    Floats,
    Measured,
    any_true,
    mean_given,
    mean_of_all,
    ratio,
)
from analysis.constructs.places import INSIDE, within
from analysis.dataset import Dataset

HESS = "Hess, in Lorentzen; index ours"
DEGREE, GAIN, HARD, SHARED = 4.0, 3.0, 3.0, 4.0
LONG_YEARS = 10.0
TRADITIONS = ("rules", "labour")
COMMUNITIES = ("place", "regional")

_SOCIETAL = Entry(
    "societal_embeddedness", (("informal.untraded",), ("trust.belonging",)),
    "Societal embeddedness",
    "Mean of: gain from habits and rules that all firms know, and from people who learnt the "
    "trade in other firms, each over 3; belonging to the local business community, and to the "
    "region, each over 4.",
    (0, 1), NO_PARTS, HESS, codes=TRADITIONS,
)  # fmt: skip
_NETWORK = Entry(
    "network_embeddedness",
    (("networking.cooperation",), ("networking.purpose",), ("contact.age",)),
    "Network embeddedness",
    "Mean of: partner types with a partner over types asked; mean age of the ties in years over "
    "10, at most 1; mean number of purposes of a partner type over purposes asked.",
    (0, 1), "Missing if any of its parts is: for a firm without partners, for ties of nobody have "
    "neither age nor purpose.", HESS,
)  # fmt: skip
_TERRITORIAL = Entry(
    "territorial_embeddedness", (("networking.cooperation",), ("control.anchored",)),
    "Territorial embeddedness",
    "Mean of: how hard it would be to do the work elsewhere, over 3; ties inside the own region "
    "over all ties.",
    (0, 1), "Missing if any of its parts is: for a firm without a tie.", HESS, codes=INSIDE,
)  # fmt: skip
_SOCIAL_CAPITAL = Entry(
    "social_capital",
    (
        ("trust.partners",), ("trust.reciprocity",), ("trust.sharing",), ("trust.belonging",),
        ("trust.failure_accepted",),
    ),
    "Social capital",
    "Mean of five parts, each over 4: trust in partners of the local area, reciprocity, mean "
    "rung of the ladder of sharing, belonging to the local business community, failure accepted "
    "around the firm.",
    (0, 1), NO_PARTS, "Woolcock, in Asheim; index ours", codes=("local",),
)  # fmt: skip
_OPENNESS = Entry(
    "sharing", (("trust.sharing",),), "Openness of sharing",
    "Mean over the kinds of partner of the most that would be shared, 0 nothing to 4 plans and "
    "results before others know.",
    (0, 4), "Missing if every kind was left blank.", "Map of the field, L28",
)  # fmt: skip
ENTRIES = (_SOCIETAL, _NETWORK, _TERRITORIAL, _SOCIAL_CAPITAL, _OPENNESS)


def embeddedness(dataset: Dataset) -> Iterator[Measured]:
    """Indices from 0 to 1, each the plain mean of parts from 0 to 1."""
    yield from _index(_SOCIETAL, _societal(dataset), reflective=True)
    yield from _index(_NETWORK, _network(dataset), reflective=False)
    yield from _index(_TERRITORIAL, _territorial(dataset), reflective=False)
    yield from _index(_SOCIAL_CAPITAL, _social_capital(dataset), reflective=True)
    if rungs := by_coordinate(dataset, "trust.sharing"):
        yield _OPENNESS.measured(mean_given(side_by_side(rungs.values())), parts=rungs)


def _index(
    entry: Entry, parts: dict[str, Floats | None], *, reflective: bool
) -> Iterator[Measured]:
    """The mean of the parts, if every one of them was asked."""
    held = {name: values for name, values in parts.items() if values is not None}
    if len(held) == len(parts):
        mean = mean_of_all(side_by_side(held.values()))
        yield entry.measured(mean, parts=held, reflective=reflective)


def _over(values: Floats | None, highest: float) -> Floats | None:
    return None if values is None else values / highest


def _societal(dataset: Dataset) -> dict[str, Floats | None]:
    gains = {
        each: _over(column(dataset, f"informal.untraded[{each}]"), GAIN) for each in TRADITIONS
    }
    belonging = {
        each: _over(column(dataset, f"trust.belonging[{each}]"), DEGREE) for each in COMMUNITIES
    }
    return gains | belonging


def _network(dataset: Dataset) -> dict[str, Floats | None]:
    cooperation, purposes = (
        grid(dataset, "networking.cooperation"), grid(dataset, "networking.purpose"),
    )  # fmt: skip
    ages = by_coordinate(dataset, "contact.age")
    length = mean_given(side_by_side(ages.values())) if ages else None
    return {
        "types": None if cooperation is None else _mean_tick(cooperation),
        "length": None if length is None else np.minimum(length / LONG_YEARS, 1.0),
        "multiplexity": None if purposes is None else _multiplexity(purposes),
    }


def _mean_tick(cooperation: Grid) -> Floats:
    """(n,) share of the rows ticked anywhere; a blank among answers counts as no."""
    ticked = any_true(cooperation.cells)
    share = (ticked == 1).mean(axis=1)
    return np.where(np.isnan(ticked).all(axis=1), np.nan, share)


def _multiplexity(purposes: Grid) -> Floats:
    """(n,) mean share of purposes over the partner types that have any."""
    number = (purposes.cells == 1).sum(axis=2).astype(float)
    return ratio(number.sum(axis=1), (number > 0).sum(axis=1).astype(float)) / len(purposes.columns)


def _territorial(dataset: Dataset) -> dict[str, Floats | None]:
    cooperation = grid(dataset, "networking.cooperation")
    near = cooperation is not None and within(cooperation.columns, INSIDE)
    return {
        "anchored": _over(column(dataset, "control.anchored"), HARD),
        "regional_share": regional_share(dataset) if near else None,
    }


def _social_capital(dataset: Dataset) -> dict[str, Floats | None]:
    rungs = by_coordinate(dataset, "trust.sharing")
    return {
        "trust": _over(column(dataset, "trust.partners[local]"), DEGREE),
        "reciprocity": _over(column(dataset, "trust.reciprocity"), DEGREE),
        "sharing": mean_given(side_by_side(rungs.values())) / SHARED if rungs else None,
        "belonging": _over(column(dataset, "trust.belonging[place]"), DEGREE),
        "failure": _over(column(dataset, "trust.failure_accepted[around]"), DEGREE),
    }
