"""Calibration of weights to totals of any variables, by Newton's method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mathematics.arrays import Floats
from mathematics.calibration.auxiliary import Variables
from mathematics.calibration.distances import Bounds, Curve, Distance, curve
from mathematics.calibration.impossible import (
    explained,
    refuse_inconsistent,
    refuse_negative,
    refuse_unreachable,
    refuse_values,
)
from mathematics.calibration.margins import Margin
from mathematics.calibration.record import Calibrated

TOLERANCE = 1e-10
ITERATIONS = 100
HALVINGS = 20
# A column is a combination of those before it if they leave less than this of its length.
DEPENDENT = 1e-9


@dataclass(frozen=True, eq=False)
class Newton:
    """Newton's method for the factors g(x'λ) under which weights meet totals.

    Attributes
    ----------
    auxiliary : Variables, p independent columns
    totals : (p,) floats
    curve : Curve
    tolerance : float
        The largest distance from a total that counts as met, as a share of the larger of the
        total and the sample's weighted sum of absolute values.
    iterations : int
    """

    auxiliary: Variables
    totals: Floats
    curve: Curve
    tolerance: float = TOLERANCE
    iterations: int = ITERATIONS

    def calibrated(self, weight: Floats) -> Calibrated:
        """Weights that meet the totals.

        Raises: Refusal ``totals_unreachable``, ``calibration_no_convergence``,
        ``calibration_negative_weights``.
        """
        scale = np.maximum(np.abs(self.totals), weight @ np.abs(self.auxiliary.X))
        refuse_unreachable(self.auxiliary, self.totals, weight, self.curve.bounds)
        X = self.auxiliary.X / scale
        totals = self.totals / scale
        multiplier = np.zeros(X.shape[1])
        gap = totals - weight @ X
        for iteration in range(1, self.iterations + 1):
            slope = weight * self.curve.slope(X @ multiplier)
            step = np.linalg.lstsq((X.T * slope) @ X, gap, rcond=None)[0]
            multiplier, gap = self._stepped(X, weight, totals, multiplier, np.asarray(step))
            misfit = float(np.max(np.abs(gap)))
            if misfit <= self.tolerance:
                found = weight * self.curve.factor(X @ multiplier)
                refuse_negative(found)
                return Calibrated(found, iteration, misfit)
        raise explained(self.auxiliary, self.totals, weight, self.curve.bounds, gap)

    def _stepped(
        self, X: Floats, weight: Floats, totals: Floats, multiplier: Floats, step: Floats
    ) -> tuple[Floats, Floats]:
        """The step, halved until it comes nearer to the totals."""
        before = np.linalg.norm(totals - (weight * self.curve.factor(X @ multiplier)) @ X)
        share = 1.0
        for _ in range(HALVINGS):
            tried = multiplier + share * step
            gap = totals - (weight * self.curve.factor(X @ tried)) @ X
            if np.linalg.norm(gap) < before:
                break
            share /= 2
        return tried, gap


def newton(
    weight: Floats,
    *,
    variables: Mapping[str, npt.ArrayLike] | None = None,
    totals: Mapping[str, float] | None = None,
    margins: Sequence[Margin] = (),
    distance: Distance = "linear",
    bounds: Bounds | None = None,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> Newton:
    """The recipe of bringing n firms of these weights to totals of variables and margins.

    Raises: Refusal ``calibration_value_missing``, ``totals_differ``, ``totals_inconsistent``,
    ``bounds_invalid``, and those of `Margin.codes`.
    """
    shape = curve(distance, bounds)
    names, X, targets = _columns(weight, variables or {}, totals or {}, margins)
    kept, combinations = _independent(X, weight)
    refuse_inconsistent(names, targets, kept, combinations)
    auxiliary = Variables(tuple(names[column] for column in kept), X[:, kept])
    return Newton(auxiliary, targets[kept], shape, tolerance, iterations)


def _columns(
    weight: Floats,
    variables: Mapping[str, npt.ArrayLike],
    totals: Mapping[str, float],
    margins: Sequence[Margin],
) -> tuple[list[str], Floats, Floats]:
    """Names, (n, p) values with 0 where the weight is 0, and (p,) totals."""
    refuse_values(variables, totals, weight)
    names, columns = list(variables), [np.asarray(each, float) for each in variables.values()]
    targets = [float(totals[name]) for name in names]
    for margin in margins:
        codes = margin.codes(weight)
        for place, level in enumerate(margin.levels):
            names.append(f"{margin.name}: {level}")
            columns.append((codes == place).astype(float))
        targets += margin.targets.tolist()
    if not columns:
        raise ValueError("Calibration needs variables or margins.")
    X = np.column_stack(columns)
    X[weight == 0] = 0.0
    return names, X, np.array(targets)


def _independent(X: Floats, weight: Floats) -> tuple[list[int], dict[int, Floats]]:
    """Columns that are no combination of those before them; of the others, the combination."""
    rooted = X * np.sqrt(weight)[:, None]
    kept: list[int] = []
    combinations: dict[int, Floats] = {}
    basis = np.empty((len(X), 0))
    for column, values in enumerate(rooted.T):
        rest = values - basis @ (basis.T @ values)
        rest -= basis @ (basis.T @ rest)
        if np.linalg.norm(rest) <= DEPENDENT * np.linalg.norm(values):
            combinations[column] = np.linalg.lstsq(rooted[:, kept], values, rcond=None)[0]
            continue
        kept.append(column)
        basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
    return kept, combinations
