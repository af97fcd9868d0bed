"""Bounds of size classes from a size variable: cumulative root frequency, Lavallée-Hidiroglou.

A bound belongs to the class above it: class h holds the sizes x with b_(h-1) <= x < b_h.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import Floats, Integers, counts, floats, integers
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.strata.bound_search import Ladder, best_bounds


@dataclass(frozen=True, slots=True, eq=False)
class SizeClasses:
    """Bounds and what they give.

    Attributes
    ----------
    bounds : (L - 1,) floats, rising
    population : (L,) integers
    drawn : (L,) floats
        Exact n_h of the criterion, the last being N_L; empty for a rule without one.
    """

    bounds: Floats
    population: Integers
    drawn: Floats

    @property
    def total(self) -> float:
        """Firms to draw, before rounding."""
        return float(self.drawn.sum())


def classes_of(sizes: npt.ArrayLike, bounds: npt.ArrayLike) -> Integers:
    """(N,) positions of the class of each size."""
    return integers(np.searchsorted(np.asarray(bounds), np.asarray(sizes), side="right"))


def root_frequency_bounds(
    frequency: npt.ArrayLike, edges: npt.ArrayLike, *, classes: int
) -> Floats:
    """The cumulative root frequency rule on a table (Dalenius & Hodges 1959).

    The sum of sqrt(f u) over intervals, u being their width, is cut into equal parts; each bound
    is the edge nearest to its cut (Cochran 1977, section 5A.7; u for intervals of unequal width).

    Parameters
    ----------
    frequency : (K,) integers
        Firms in each interval.
    edges : (K + 1,) floats
        Ends of the intervals, rising.
    classes : int
        L, from 2.

    Returns
    -------
    (L - 1,) floats

    Raises
    ------
    SamplingRefused
        If two bounds fall on one edge: the table is too coarse.
    """
    ends = floats(edges, named="edges of the intervals")
    heights = np.sqrt(floats(frequency, named="frequencies") * np.diff(ends))
    climbed = np.cumsum(heights)
    if classes < 2 or climbed[-1] <= 0:
        raise SamplingRefused("At least two classes and one firm are needed.")
    cuts = climbed[-1] * np.arange(1, classes) / classes
    nearest = np.abs(climbed[:, None] - cuts).argmin(axis=0)
    if len(set(nearest.tolist())) < classes - 1 or nearest[-1] == len(heights) - 1:
        raise SamplingRefused(
            f"The intervals are too coarse for {classes} classes. Use more intervals, fewer "
            "classes, or the logarithm of the size."
        )
    result: Floats = ends[nearest + 1]
    return result


def cumulative_root_frequency(
    sizes: npt.ArrayLike, *, classes: int, intervals: int = 200
) -> SizeClasses:
    """The same rule on (N,) sizes, counted in intervals of equal width."""
    values = floats(sizes, named="sizes")
    _refuse_few_sizes(values, classes)
    frequency, edges = np.histogram(values, bins=intervals)
    bounds = root_frequency_bounds(frequency, edges, classes=classes)
    population = counts(classes_of(values, bounds), classes)
    return SizeClasses(bounds, population, np.empty(0))


def lavallee_hidiroglou(
    sizes: npt.ArrayLike, *, classes: int, cv: float, power: float | None = None
) -> SizeClasses:
    """Bounds that need the fewest firms for a precision, the last class being drawn whole.

    The criterion of Lavallée & Hidiroglou (1988), with N_L firms drawn whole and for h < L

        n = N_L + sum of W_h² S_h² / a_h over (cv mean)² + sum of W_h S_h² / N,

    a_h being the share of the rest that the allocation gives to class h: W_h S_h (Neyman) or
    (W_h mean_h)^power. They iterate after Sethi, which can cycle or stop at a poor point (Slanta &
    Krenzke 1996); here every bound, and every two neighbours, are moved to their best places among
    the observed sizes, from several starts, until none moves. S_h² has the
    divisor N_h - 1. Classes have at least two firms, and none is asked for more than it has.

    Parameters
    ----------
    sizes : (N,) floats
        0 or more.
    classes : int
        L, from 2, the one drawn whole among them.
    cv : float
        Of the estimated total, as a share of 1.
    power : float, optional
        From 0 to 1, for power allocation; Neyman's if left out.

    Raises
    ------
    SamplingRefused
        If there are too few different sizes, or no bounds reach the precision short of drawing
        every firm.
    """
    values = floats(sizes, named="sizes")
    _refuse_few_sizes(values, classes)
    if (values < 0).any() or values.sum() <= 0 or not cv > 0:
        raise SamplingRefused("Sizes must not be negative nor all 0, and the precision positive.")
    ladder = Ladder.of(values, cv=cv, power=power)
    steps, drawn = best_bounds(ladder, classes)
    if steps is None:
        raise SamplingRefused(
            f"No bounds of {classes} classes reach a coefficient of variation of {cv:.2%} short of "
            "drawing every firm. Widen it or take fewer classes."
        )
    bounds = ladder.sizes[steps]
    return SizeClasses(bounds, counts(classes_of(values, bounds), classes), drawn)


def _refuse_few_sizes(values: Floats, classes: int) -> None:
    different = len(np.unique(values))
    if classes < 2 or different < classes:
        raise SamplingRefused(
            f"{classes} classes were asked for, of {different} different sizes. There must be at "
            "least two classes, and a size for each."
        )
