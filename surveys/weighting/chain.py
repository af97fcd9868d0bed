"""The way from base weights to final ones, every factor kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mathematics.arrays import Floats
from mathematics.calibration.record import Calibrated
from mathematics.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Adjustment:
    """What one step does to the weights of n cases.

    Attributes
    ----------
    name : str
    factor : (n,) floats, not below zero; zero where the case stops to count
    notes : sentences on what the step had to do
    """

    name: str
    factor: Floats
    notes: tuple[str, ...] = ()


class Step(Protocol):
    """A step of weighting, the same for the weights and for each of their replicates."""

    def adjusted(self, weight: Floats) -> Adjustment:
        """The factors for (n,) weights, those of zero left at whatever they are.

        Raises: Refusal where the step cannot be done.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of n cases.

    Attributes
    ----------
    base : (n,) floats
        Inverse inclusion probabilities.
    adjustments : tuple of Adjustment
        In the order in which they were made.
    """

    base: Floats
    adjustments: tuple[Adjustment, ...] = field(default=())

    @property
    def final(self) -> Floats:
        """(n,) the product of the base weight and every factor."""
        return self.after(len(self.adjustments))

    def after(self, steps: int) -> Floats:
        """(n,) the weights after so many steps; after 0, the base weights."""
        result = self.base.copy()
        for adjustment in self.adjustments[:steps]:
            result *= adjustment.factor
        return result


def weigh(base: npt.ArrayLike, steps: Sequence[Step]) -> Weights:
    """Weights of n cases after the steps, each working on what those before it left.

    Raises: Refusal ``base_weight_missing``, and those of the steps.
    """
    given = np.asarray(base, dtype=float)
    wrong = ~(np.isfinite(given) & (given > 0))
    if wrong.any():
        raise Refusal(
            "base_weight_missing",
            f"The base weight is missing or not above zero for {wrong.sum()} of {len(given)} "
            f"cases; the first is case {int(np.argmax(wrong)) + 1}.",
            "Give every drawn case the inverse of its inclusion probability.",
        )
    return _taken(given, steps)


def _taken(base: Floats, steps: Sequence[Step]) -> Weights:
    weight, adjustments = base.copy(), []
    for step in steps:
        adjustment = step.adjusted(weight)
        weight = weight * adjustment.factor
        adjustments.append(adjustment)
    return Weights(base, tuple(adjustments))


@dataclass(frozen=True, slots=True)
class Weighing:
    """All steps as one recipe, for the replicates of the base weights."""

    steps: tuple[Step, ...]

    def calibrated(self, weight: Floats) -> Calibrated:
        """The final weights of one replicate. Raises: Refusal of a step."""
        return Calibrated(_taken(weight, self.steps).final, len(self.steps), 0.0)
