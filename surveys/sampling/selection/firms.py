"""Selection: simple random sampling within a stratum on permanent random numbers.

The n_h units drawn are those whose numbers follow the starting point most closely, going
round from 1 to 0. Since the numbers are independent uniforms, this is a simple random
sample without replacement; since they are permanent, two waves with the same starting
point overlap as far as they can, and waves with distant ones hardly at all (Ohlsson 1995).
"""

import random
from collections.abc import Mapping, Sequence

from surveys.sampling.strata.firms import FrameUnit, StratumKey


def starting_point(seed: int) -> float:
    """Where on the circle of random numbers the draw of that seed begins, in [0, 1)."""
    return random.Random(seed).random()  # noqa: S311 -- a draw to be repeated, not a secret


def select(
    strata: Mapping[StratumKey, Sequence[FrameUnit]],
    allocation: Mapping[StratumKey, int],
    *,
    start: float,
) -> dict[StratumKey, tuple[FrameUnit, ...]]:
    """The units drawn from every stratum, in the order in which they were drawn."""
    return {key: _draw(units, allocation[key], start) for key, units in strata.items()}


def _draw(units: Sequence[FrameUnit], number: int, start: float) -> tuple[FrameUnit, ...]:
    def distance(unit: FrameUnit) -> tuple[float, str]:
        return ((unit.permanent_random_number - start) % 1.0, unit.identifier)

    return tuple(sorted(units, key=distance)[:number])
