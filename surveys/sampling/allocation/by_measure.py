"""Allocation by a measure of named strata, in exact fractions.

The sample is spread in proportion to a measure of each stratum, between a smallest and a
largest number for each, and rounded so that the sum is exactly the sample that was asked
for. The measure N_h gives proportional allocation, N_h ** power with a power below one the
power allocation of Bankier (1988), and N_h S_h the optimal one of Neyman (1934).
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from surveys.sampling.refusals import AllocationRefused
from surveys.sampling.strata.firms import StratumKey

Key = TypeVar("Key", StratumKey, str)


def allocate(
    populations: Mapping[Key, int],
    *,
    total: int,
    minimum: int = 0,
    take_all: Collection[Key] = (),
    power: float = 1.0,
    deviations: Mapping[Key, float] | None = None,
) -> dict[Key, int]:
    """n_h for every stratum: they sum to `total`, and none exceeds its N_h.

    Parameters
    ----------
    populations : mapping
        N_h by stratum, at least 1 each.
    total : int
        n, the firms to draw over all strata.
    minimum : int
        Firms to draw at least from each stratum, or all of a smaller one.
    take_all : collection of strata
        Strata in which every firm is drawn.
    power : float
        Exponent of N_h in the measure of a stratum.
    deviations : mapping, optional
        S_h by stratum, the standard deviation that Neyman's allocation wants.

    Raises
    ------
    AllocationRefused
        If `total` exceeds the frame, falls short of what minimum and take-all ask, or a
        stratum has no firm or no positive S_h.
    """
    strata = {
        key: _Bounds(
            lowest=count if key in take_all else min(minimum, count),
            highest=count,
            measure=Fraction(float(count) ** power)
            * Fraction(deviations[key] if deviations else 1),
        )
        for key, count in populations.items()
    }
    _refuse_what_cannot_be(strata, total)
    return _round(_spread(strata, total), total)


@dataclass(frozen=True, slots=True)
class _Bounds:
    lowest: int
    highest: int
    measure: Fraction

    def at(self, factor: Fraction) -> Fraction:
        return min(max(factor * self.measure, Fraction(self.lowest)), Fraction(self.highest))


def _refuse_what_cannot_be(strata: Mapping[Key, _Bounds], total: int) -> None:
    frame = sum(bounds.highest for bounds in strata.values())
    needed = sum(bounds.lowest for bounds in strata.values())
    empty = [
        str(key) for key, bounds in strata.items() if bounds.highest < 1 or bounds.measure <= 0
    ]
    if empty:
        raise AllocationRefused(
            f"Strata without a firm, or without a positive deviation: {', '.join(empty)}. "
            "Leave them out."
        )
    if total > frame:
        raise AllocationRefused(
            f"A sample of {total} was asked for, and the frame holds {frame} firms. "
            f"Ask for {frame} or fewer."
        )
    if total < needed:
        raise AllocationRefused(
            f"A sample of {total} was asked for, and the smallest numbers of the strata sum to "
            f"{needed}. Draw at least {needed}, lower the smallest number, or take fewer "
            "strata whole."
        )


def _spread(strata: Mapping[Key, _Bounds], total: int) -> dict[Key, Fraction]:
    """The exact numbers clip(factor x measure, lowest, highest) that sum to `total`.

    Their sum rises with the factor, and is linear between the points at which a stratum
    leaves its lowest or reaches its highest number.
    """

    def reached(factor: Fraction) -> Fraction:
        return sum((bounds.at(factor) for bounds in strata.values()), Fraction(0))

    points = sorted(
        {Fraction(0)}
        | {bounds.lowest / bounds.measure for bounds in strata.values()}
        | {bounds.highest / bounds.measure for bounds in strata.values()}
    )
    above = bisect_left(points, Fraction(total), key=reached)
    factor = points[above]
    if above > 0:
        below = points[above - 1]
        slope = (reached(factor) - reached(below)) / (factor - below)
        factor = below + (total - reached(below)) / slope
    return {key: bounds.at(factor) for key, bounds in strata.items()}


def _round(shares: Mapping[Key, Fraction], total: int) -> dict[Key, int]:
    """Whole numbers by the largest remainder; the sum stays, and so do whole bounds."""
    numbers = {key: int(share) for key, share in shares.items()}
    by_remainder = sorted(shares, key=lambda key: (numbers[key] - shares[key], str(key)))
    for key in by_remainder[: total - sum(numbers.values())]:
        numbers[key] += 1
    return numbers
