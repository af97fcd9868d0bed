"""Arrays of this room, and what is done within strata.

N units of the frame carry positions of their strata, integers from 0 to H - 1; what is known of
strata stands in arrays of length H.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.sampling.refusals import SamplingRefused

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[Any]


def floats(values: npt.ArrayLike, *, named: str, length: int | None = None) -> Floats:
    """Finite floats; one number stands for `length` of them.

    Raises SamplingRefused, by name, for what is missing or infinite; ValueError for another
    length.
    """
    result = np.asarray(values, dtype=float)
    if length is not None and result.ndim == 0:
        result = np.full(length, float(result))
    if length is not None and result.shape != (length,):
        raise ValueError(f"{named}: {length} values were expected, not {result.shape}")
    bad = ~np.isfinite(result)
    if bad.any():
        raise SamplingRefused(
            f"{named.capitalize()}: {int(bad.sum())} of {result.size} values are missing or "
            f"infinite, the first at position {int(np.flatnonzero(bad)[0]) + 1}."
        )
    return result


def integers(values: npt.ArrayLike) -> Integers:
    return np.asarray(values, dtype=np.intp)


def sums(values: npt.ArrayLike, stratum: Integers, strata: int) -> Floats:
    """(H,) sums of the (N,) values within strata."""
    weights = np.asarray(values, dtype=float)
    return np.asarray(np.bincount(stratum, weights=weights, minlength=strata), dtype=float)


def counts(stratum: Integers, strata: int) -> Integers:
    """(H,) units within strata."""
    return integers(np.bincount(stratum, minlength=strata))


def first_within(order: Integers, stratum: Integers, number: Integers) -> Integers:
    """Of units sorted by stratum, and within it by priority: the first `number` of each.

    Parameters
    ----------
    order : (N,) integers
        Positions of units, those of a stratum together.
    stratum : (N,) integers
        Of the units as they stand on the frame.
    number : (H,) integers
        At most the units of the stratum.
    """
    sorted_stratum = stratum[order]
    size = counts(stratum, len(number))
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    rank = np.arange(len(order)) - first[sorted_stratum]
    return integers(order[rank < number[sorted_stratum]])
