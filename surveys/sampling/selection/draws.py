"""A draw as a value that can be kept: units, strata, probabilities, base weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.sampling.arrays import Flags, Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """n units drawn from a frame of N.

    Attributes
    ----------
    method : such as ``simple`` or ``pareto``
    unit : (n,) integers
        Positions on the frame, rising.
    stratum : (n,) integers
    probability : (n,) floats
        With which the unit was to be drawn; of sequential Poisson and Pareto sampling the
        intended one, which they keep to nearly.
    group : (n,) integers or None
        Positions of the groups that were drawn first.
    options : what was asked for, as plain data
    """

    method: str
    unit: Integers
    stratum: Integers
    probability: Floats
    group: Integers | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def base_weight(self) -> Floats:
        """(n,) units of the frame that each stands for: 1 / probability."""
        result: Floats = 1 / self.probability
        return result

    @property
    def is_certain(self) -> Flags:
        """(n,) drawn whatever the random numbers."""
        return self.probability >= 1
