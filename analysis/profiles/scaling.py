"""Bringing measures of different units to one scale, and back."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Standard = Literal["z", "range", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """z = (x - centre) / unit, by measure."""

    centre: Floats
    unit: Floats

    def to(self, points: Floats) -> Floats:
        result: Floats = (points - self.centre) / self.unit
        return result

    def back(self, points: Floats) -> Floats:
        result: Floats = points * self.unit + self.centre
        return result


def scaling(points: Floats, weight: Floats, names: tuple[str, ...], standard: Standard) -> Scaling:
    """``z``: weighted mean and standard deviation, with n - 1 as R's scale if weights are one;
    ``range``: smallest and largest; ``none``: as they are.

    Raises: Refusal ``constant_measure``, but for ``none``.
    """
    if standard not in ("z", "range", "none"):
        raise ValueError(f"There is no scaling {standard!r}.")
    if standard == "none":
        return Scaling(np.zeros(points.shape[1]), np.ones(points.shape[1]))
    centre = points.min(axis=0) if standard == "range" else weight @ points / weight.sum()
    unit = (
        np.ptp(points, axis=0)
        if standard == "range"
        else np.sqrt(weight @ (points - centre) ** 2 / (weight.sum() - weight.mean()))
    )
    if (unit <= 1e-12 * np.abs(points).max(axis=0)).any():
        name = names[int(np.argmin(unit))]
        raise Refusal(
            "constant_measure",
            f"“{name}” is the same for every firm, so it tells no cluster from another.",
            "Leave it out.",
        )
    return Scaling(centre, unit)
