"""Strata: the cells of size class x industry x region that a frame falls into."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameUnit:
    """One enterprise on the frame, as far as a draw needs to know it.

    `permanent_random_number` is its fixed uniform draw in [0, 1).
    """

    identifier: str
    size_class: str
    industry: str
    region: str
    permanent_random_number: float

    @property
    def stratum(self) -> "StratumKey":
        """The cell of the design that the unit falls into."""
        return StratumKey(self.size_class, self.industry, self.region)


@dataclass(frozen=True, slots=True, order=True)
class StratumKey:
    size_class: str
    industry: str
    region: str

    @property
    def label(self) -> str:
        """Size class, industry and region in words, as tables show them."""
        return " · ".join(part for part in (self.size_class, self.industry, self.region) if part)


def group(units: Iterable[FrameUnit]) -> dict[StratumKey, tuple[FrameUnit, ...]]:
    """Units by stratum; strata in the order of their names, units as they come."""
    cells: dict[StratumKey, list[FrameUnit]] = {}
    for unit in units:
        cells.setdefault(unit.stratum, []).append(unit)
    return {key: tuple(cells[key]) for key in sorted(cells)}


def counts(strata: Mapping[StratumKey, tuple[FrameUnit, ...]]) -> dict[StratumKey, int]:
    """N_h of every stratum."""
    return {key: len(units) for key, units in strata.items()}
