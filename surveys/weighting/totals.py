"""Calibration: weights brought to known totals of the frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mathematics.arrays import Floats
from mathematics.calibration.distances import Bounds, Distance
from mathematics.calibration.margins import Margin, frame_margin, table_margin
from mathematics.calibration.newton import newton
from mathematics.calibration.raking import raking
from mathematics.calibration.record import Recipe
from surveys.weighting.chain import Adjustment

__all__ = ["Margin", "ToTotals", "frame_margin", "table_margin"]

TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class ToTotals:
    """Calibrates n weights: a step of `weigh`.

    Attributes
    ----------
    margins : sequence of Margin
        Totals by category.
    variables, totals : mappings from name to (n,) floats, and to their total
        Of numbers, as employees; not read where the weight is zero.
    distance : {"raking", "linear", "logit", "truncated"}
        Raking to margins alone is done margin by margin.
    bounds : pair of floats or None
        Smallest and largest factor, for "logit" and "truncated".
    tolerance : float
        Of every total, as a share of it.
    """

    margins: Sequence[Margin] = ()
    variables: Mapping[str, npt.ArrayLike] = field(default_factory=dict)
    totals: Mapping[str, float] = field(default_factory=dict)
    distance: Distance = "raking"
    bounds: Bounds | None = None
    tolerance: float = TOLERANCE
    name: str = "calibration"

    def adjusted(self, weight: Floats) -> Adjustment:
        """Raises: Refusal of `mathematics.calibration`, where totals cannot be met."""
        found = self._recipe(weight).calibrated(weight)
        factor = np.divide(found.weight, weight, out=np.ones(len(weight)), where=weight > 0)
        moved = factor[weight > 0]
        note = (
            f"All totals met to {found.misfit:.1g} after {found.iterations} steps; factors from "
            f"{moved.min():.4g} to {moved.max():.4g}"
        )
        return Adjustment(self.name, factor, (note,))

    def _recipe(self, weight: Floats) -> Recipe:
        if self.distance == "raking" and not self.variables:
            return raking(self.margins, weight, tolerance=self.tolerance)
        return newton(
            weight,
            variables=self.variables,
            totals=self.totals,
            margins=self.margins,
            distance=self.distance,
            bounds=self.bounds,
            tolerance=self.tolerance,
        )
