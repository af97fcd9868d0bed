"""What a design keeps of the calibration of its weights."""

from dataclasses import dataclass

from analysis.estimation.estimates import Floats
from mathematics.calibration.record import Auxiliary, Recipe


@dataclass(frozen=True, eq=False)
class Calibration:
    """The calibration of n weights.

    Attributes
    ----------
    method : str
        ``post-stratification``, ``raking``, or the distance of `calibrate`.
    auxiliary : Auxiliary
    recipe : Recipe
    before, after : (n,) floats
        The weights.
    iterations : int
    misfit, tolerance : float
        The criterion reached and asked for; `Calibrated.misfit`.
    """

    method: str
    auxiliary: Auxiliary
    recipe: Recipe
    before: Floats
    after: Floats
    iterations: int
    misfit: float
    tolerance: float

    def residuals(self, influence: Floats) -> Floats:
        """(n, k) residuals of the influence on the variables, under the weights before."""
        return self.auxiliary.residuals(influence, self.before)

    @property
    def adjustment(self) -> tuple[float, float]:
        """Smallest and largest factor among firms with a weight."""
        inside = self.before > 0
        factor = self.after[inside] / self.before[inside]
        return float(factor.min()), float(factor.max())
