"""Sequential simple random sampling on permanent random numbers, and coordination of waves.

The numbers lie on a circle. The n_h units of a stratum that come first from a starting point, in
a direction, are a simple random sample without replacement (Fan, Muller & Rezucha 1962; Ohlsson
1995). The same start and direction give waves that overlap as far as they can, also
when units are born and die; a start moved on by a part of the sampled arc rotates that part out;
arcs that do not meet give samples that hardly do.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import (
    Floats,
    Integers,
    Labels,
    counts,
    first_within,
    floats,
    integers,
)
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.selection.draws import Draw

Direction = Literal["up", "down"]


def simple_sample(
    numbers: npt.ArrayLike,
    stratum: npt.ArrayLike,
    drawn: npt.ArrayLike,
    *,
    start: npt.ArrayLike = 0.0,
    direction: Direction = "up",
    identifiers: npt.ArrayLike | None = None,
) -> Draw:
    """n_h units of every stratum, each with probability n_h / N_h.

    Parameters
    ----------
    numbers : (N,) floats
        Permanent, in [0, 1).
    stratum : (N,) integers
        From 0 to H - 1.
    drawn : (H,) integers
        n_h, at most N_h.
    start : float or (H,) floats
        Taken modulo 1.
    direction : {"up", "down"}
        In which the arc is gone.
    identifiers : (N,) text, optional
        Decide between units with the same number, so that the order of the frame never does.

    Raises
    ------
    SamplingRefused
        If a number lies outside [0, 1), or a stratum holds fewer units than are to be drawn.
    """
    codes, wanted = integers(stratum), integers(drawn)
    size = _checked_sizes(codes, wanted)
    begins = floats(start, named="start", length=len(wanted))
    order = drawing_order(distances(numbers, begins[codes], direction), codes, _labels(identifiers))
    unit = np.sort(first_within(order, codes, wanted))
    options = {"start": begins.tolist(), "direction": direction, "drawn": wanted.tolist()}
    return Draw("simple", unit, codes[unit], (wanted / size)[codes[unit]], options=options)


def distances(
    numbers: npt.ArrayLike, start: npt.ArrayLike = 0.0, direction: Direction = "up"
) -> Floats:
    """(N,) way round the circle from the start to each number: again uniform on [0, 1)."""
    values = floats(numbers, named="permanent random numbers")
    if ((values < 0) | (values >= 1)).any():
        raise SamplingRefused("Permanent random numbers must lie from 0 up to, but not at, 1.")
    way = values - np.asarray(start) if direction == "up" else np.asarray(start) - values
    result: Floats = way % 1.0
    return result


def drawing_order(priority: Floats, stratum: Integers, identifiers: Labels | None) -> Integers:
    """(N,) positions of units, strata together, within them by rising priority."""
    order = np.lexsort((priority, stratum))
    first, second = order[:-1], order[1:]
    ties = (priority[first] == priority[second]) & (stratum[first] == stratum[second])
    if ties.any() and identifiers is not None:
        order = np.lexsort((identifiers, priority, stratum))
    return integers(order)


def rotated_start(start: npt.ArrayLike, *, rate: npt.ArrayLike, share: float, wave: int) -> Floats:
    """(H,) starts of a wave when that share of the sample leaves at every wave.

    The start moves on by share · rate, so that of a stratum of constant size about 1 - share of
    one wave's units are in the next, and a unit that has left is back after 1 / rate samples.

    Parameters
    ----------
    start : float or (H,) floats
        Of wave 0.
    rate : (H,) floats
        n_h / N_h.
    share : float
        From 0 (the same units) to 1 (others, as long as there are).
    wave : int
        From 0.
    """
    if not 0 <= share <= 1:
        raise SamplingRefused(f"The share that rotates out, {share}, lies outside 0 to 1.")
    result: Floats = (np.asarray(start) + wave * share * np.asarray(rate, dtype=float)) % 1.0
    return result


def separate_start(start: npt.ArrayLike, *, rate: npt.ArrayLike) -> Floats:
    """(H,) starts of a survey that is to avoid the units of another, drawn upwards from `start`.

    Right behind the other's sample: negative coordination (Ohlsson 1995).
    """
    return rotated_start(start, rate=rate, share=1.0, wave=1)


def expected_overlap(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Of the units of a large stratum, the share that is in both of two upward samples.

    Parameters
    ----------
    first, second : pairs of floats
        Start and rate of each.
    """
    gap = (second[0] - first[0]) % 1.0
    ahead = max(0.0, min(first[1] - gap, second[1]))
    behind = max(0.0, min(first[1], gap + second[1] - 1.0))
    return ahead + behind


def _labels(identifiers: npt.ArrayLike | None) -> Labels | None:
    return None if identifiers is None else np.asarray(identifiers).astype(str)


def _checked_sizes(stratum: Integers, drawn: Integers) -> Integers:
    """(H,) N_h, at least 1."""
    size = counts(stratum, len(drawn))
    short = np.flatnonzero((drawn > size) | (drawn < 0))
    if short.size:
        h = int(short[0])
        raise SamplingRefused(
            f"{drawn[h]} units are to be drawn from stratum {h + 1}, which holds {size[h]}."
        )
    return np.maximum(size, 1)
