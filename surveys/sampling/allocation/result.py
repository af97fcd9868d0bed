"""An allocation as a value that can be kept: how many of each stratum, and how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import Flags, Floats, Integers, integers
from surveys.sampling.refusals import AllocationRefused


@dataclass(frozen=True, slots=True, eq=False)
class AllocationResult:
    """n_h for each of H strata.

    Attributes
    ----------
    method : its name, such as ``neyman`` or ``bethel``
    population : (H,) integers
        N_h.
    exact : (H,) floats
        Before rounding.
    drawn : (H,) integers
        n_h, at most N_h.
    options : what was asked for, as plain data
    """

    method: str
    population: Integers
    exact: Floats
    drawn: Integers
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Firms drawn over all strata."""
        return int(self.drawn.sum())

    @property
    def take_all(self) -> Flags:
        """(H,) strata in which every firm is drawn."""
        return np.asarray(self.drawn == self.population)

    @property
    def rate(self) -> Floats:
        """(H,) n_h / N_h, the inclusion probability under simple sampling."""
        return self.drawn / self.population

    @property
    def base_weight(self) -> Floats:
        """(H,) N_h / n_h; NaN where nothing is drawn."""
        drawn = np.where(self.drawn > 0, self.drawn, np.nan)
        result: Floats = self.population / drawn
        return result

    def document(self) -> dict[str, Any]:
        """As plain data, to be kept with the wave."""
        return {
            "method": self.method,
            "population": self.population.tolist(),
            "exact": self.exact.tolist(),
            "drawn": self.drawn.tolist(),
            "options": dict(self.options),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "AllocationResult":
        return cls(
            method=str(document["method"]),
            population=integers(document["population"]),
            exact=np.asarray(document["exact"], dtype=float),
            drawn=integers(document["drawn"]),
            options=dict(document["options"]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Between which numbers each stratum's sample may lie.

    Attributes
    ----------
    population, lower, upper : (H,) integers
    """

    population: Integers
    lower: Integers
    upper: Integers


def limits(
    population: npt.ArrayLike,
    *,
    minimum: npt.ArrayLike = 0,
    take_all: npt.ArrayLike = False,
    maximum: npt.ArrayLike | None = None,
) -> Limits:
    """The bounds that a plan puts on n_h.

    Parameters
    ----------
    population : (H,) integers
        N_h, at least 1.
    minimum : integer or (H,) integers
        Firms to draw at least; of a smaller stratum, all.
    take_all : boolean or (H,) booleans
        Strata to draw whole, whatever `maximum` says.
    maximum : integer or (H,) integers, optional
        Firms to draw at most, 1 or more: firms with no chance to be drawn are not of the
        population that the sample stands for.

    Raises
    ------
    AllocationRefused
        For a stratum without a firm, with a maximum below 1 that is not drawn whole, or whose
        minimum exceeds its maximum.
    """
    size = integers(population)
    whole = np.broadcast_to(np.asarray(take_all, dtype=bool), size.shape)
    if (size < 1).any():
        raise AllocationRefused(
            f"Strata without a firm: {_positions(size < 1)}. Leave them out or collapse them."
        )
    most = size if maximum is None else np.minimum(integers(maximum), size)
    upper = np.where(whole, size, most)
    if (upper < 1).any():
        raise AllocationRefused(
            f"The largest number is below 1 in strata {_positions(upper < 1)}: no weight can stand "
            "for firms that are never drawn. Allow 1 or more, or leave these strata out."
        )
    least = np.minimum(integers(minimum), size)
    lower = np.where(whole, size, np.maximum(least, 0))
    if (lower > upper).any():
        raise AllocationRefused(
            f"The smallest number exceeds the largest in strata {_positions(lower > upper)}."
        )
    return Limits(size, integers(lower), integers(upper))


def _positions(flags: Flags) -> str:
    return ", ".join(str(int(h) + 1) for h in np.flatnonzero(flags)[:10])
