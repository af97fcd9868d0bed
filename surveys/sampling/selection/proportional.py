"""Sampling with probability proportional to size on permanent random numbers.

Both designs rank the units of a stratum and take the n_h first. With u the unit's way round the
circle of random numbers and p its intended probability, the rank is

    sequential Poisson   u / p                          (Ohlsson 1998)
    Pareto               (u / (1 - u)) / (p / (1 - p))  (Rosén 1997)

The sample size is fixed, waves are coordinated as under simple sampling, and the probabilities
of inclusion are p nearly, not exactly: docs/methods/sampling-selection.md says how nearly.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import Floats, Integers, counts, first_within, floats, integers, sums
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.selection.draws import Draw
from surveys.sampling.selection.simple import Direction, distances, drawing_order

Scheme = Literal["pareto", "sequential_poisson"]
ALMOST = 1e-12
"""Nearer to 1 than this, a probability is 1."""


def inclusion_probabilities(
    sizes: npt.ArrayLike, stratum: npt.ArrayLike, drawn: npt.ArrayLike
) -> Floats:
    """(N,) probabilities n_h x / (sum of x), with certainty units.

    A unit whose share would be 1 or more is certain; the rest of n_h is spread over the others
    anew, until no share reaches 1 (Särndal, Swensson & Wretman 1992, section 3.6.2).

    Parameters
    ----------
    sizes : (N,) floats, 0 or more
        A unit of size 0 has no chance.
    stratum : (N,) integers
        From 0 to H - 1.
    drawn : (H,) integers
        n_h, at most the units of positive size.

    Raises
    ------
    SamplingRefused
        For a negative size, or more to be drawn than there are units of positive size.
    """
    values, codes, wanted = floats(sizes, named="sizes"), integers(stratum), integers(drawn)
    _refuse_sizes(values, codes, wanted)
    certain = np.zeros(len(values), dtype=bool)
    while True:
        left = wanted - counts(codes[certain], len(wanted))
        weight = np.where(certain, 0.0, values)
        total = sums(weight, codes, len(wanted))
        factor = np.divide(left, total, out=np.zeros(len(wanted)), where=total > 0)
        share = weight * factor[codes]
        found = share >= 1 - ALMOST
        if not found.any():
            return np.where(certain, 1.0, share)
        certain |= found


def proportional_sample(
    numbers: npt.ArrayLike,
    stratum: npt.ArrayLike,
    probability: npt.ArrayLike,
    *,
    scheme: Scheme = "pareto",
    start: npt.ArrayLike = 0.0,
    direction: Direction = "up",
    identifiers: npt.ArrayLike | None = None,
) -> Draw:
    """A fixed number of units of every stratum, with nearly the given probabilities.

    Parameters
    ----------
    numbers : (N,) floats
        Permanent, in [0, 1).
    stratum : (N,) integers
        From 0 to H - 1.
    probability : (N,) floats
        From 0 to 1; within each stratum they sum to a whole number, n_h.
    scheme : {"pareto", "sequential_poisson"}
        The rank above.
    start, direction, identifiers
        As of `simple_sample`.

    Raises
    ------
    SamplingRefused
        For probabilities outside 0 to 1, or whose sum within a stratum is not whole.
    """
    intended, codes = floats(probability, named="probabilities"), integers(stratum)
    wanted = _whole_sums(intended, codes)
    begins = floats(start, named="start", length=len(wanted))
    way = distances(numbers, begins[codes], direction)
    labels = None if identifiers is None else np.asarray(identifiers).astype(str)
    order = drawing_order(_rank(way, intended, scheme), codes, labels)
    unit = np.sort(first_within(order, codes, wanted))
    options = {"start": begins.tolist(), "direction": direction, "drawn": wanted.tolist()}
    return Draw(scheme, unit, codes[unit], intended[unit], options=options)


def _rank(way: Floats, probability: Floats, scheme: Scheme) -> Floats:
    """(N,) ranks: below 0 for certain units, infinite for those without a chance."""
    chance = np.clip(probability, ALMOST, 1 - ALMOST)
    odds = way / (1 - way) * ((1 - chance) / chance)
    rank = odds if scheme == "pareto" else way / chance
    rank = np.where(probability >= 1 - ALMOST, way - 1.0, rank)
    return np.where(probability <= 0, np.inf, rank)


def _refuse_sizes(values: Floats, stratum: Integers, drawn: Integers) -> None:
    if (values < 0).any():
        raise SamplingRefused(f"{int((values < 0).sum())} units have a negative size.")
    positive = counts(stratum[values > 0], len(drawn))
    short = np.flatnonzero(drawn > positive)
    if short.size:
        h = int(short[0])
        raise SamplingRefused(
            f"{drawn[h]} units are to be drawn from stratum {h + 1}, in which {positive[h]} have a "
            "positive size."
        )


def _whole_sums(probability: Floats, stratum: Integers) -> Integers:
    if ((probability < 0) | (probability > 1 + ALMOST)).any():
        raise SamplingRefused("Probabilities of inclusion must lie from 0 to 1.")
    total = sums(probability, stratum, int(stratum.max(initial=-1)) + 1)
    wanted = np.rint(total)
    if np.max(np.abs(total - wanted), initial=0.0) > 1e-6:
        h = int(np.argmax(np.abs(total - wanted)))
        raise SamplingRefused(
            f"The probabilities of stratum {h + 1} sum to {total[h]:g}, which is no whole number."
        )
    return integers(wanted)
