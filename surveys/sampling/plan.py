"""A sample plan, and the sample that it gives with a seed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from surveys.sampling.allocation.by_measure import allocate
from surveys.sampling.selection.firms import select, starting_point
from surveys.sampling.strata.firms import FrameUnit, StratumKey, counts, group
from surveys.sampling.weights import DesignWeight, design_weight


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How many firms, and how they are spread over strata.

    Attributes
    ----------
    size : firms to draw
    minimum : firms to draw at least from each stratum
    take_all : size classes in which every firm is drawn
    power : 1 spreads in proportion to the firms of a stratum, 0 evenly
    """

    size: int
    minimum: int = 2
    take_all: tuple[str, ...] = ()
    power: float = 1.0

    def document(self) -> dict[str, Any]:
        """The plan as plain data, for the audit trail."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """One stratum of a sample: N_h firms, of which these units were drawn."""

    key: StratumKey
    population: int
    units: tuple[FrameUnit, ...]
    weight: DesignWeight | None

    @property
    def drawn(self) -> int:
        """n_h."""
        return len(self.units)


def draw(frame: Iterable[FrameUnit], plan: SamplePlan, *, seed: int) -> tuple[DrawnStratum, ...]:
    """The sample of that plan and seed: always the same one from the same frame.

    Strata of which nothing is drawn are kept, with no weight. Raises AllocationRefused if
    the frame cannot give the sample.
    """
    strata = group(frame)
    populations = counts(strata)
    allocation = allocate(
        populations,
        total=plan.size,
        minimum=plan.minimum,
        take_all={key for key in strata if key.size_class in plan.take_all},
        power=plan.power,
    )
    chosen = select(strata, allocation, start=starting_point(seed))
    return tuple(
        DrawnStratum(
            key=key,
            population=populations[key],
            units=units,
            weight=design_weight(population=populations[key], drawn=len(units)) if units else None,
        )
        for key, units in chosen.items()
    )
