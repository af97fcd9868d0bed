"""Calibration of a design to totals of any variables."""

from collections.abc import Mapping, Sequence

import numpy.typing as npt

from analysis.estimation.calibration.applied import applied, refuse_calibrated
from analysis.estimation.design import SurveyDesign
from mathematics.calibration.distances import Bounds, Distance
from mathematics.calibration.margins import Margin
from mathematics.calibration.newton import ITERATIONS, TOLERANCE, newton


def calibrate(
    design: SurveyDesign,
    *,
    variables: Mapping[str, npt.ArrayLike] | None = None,
    totals: Mapping[str, float] | None = None,
    margins: Sequence[Margin] = (),
    distance: Distance = "linear",
    bounds: Bounds | None = None,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> SurveyDesign:
    """The design with the weights nearest to its own that meet totals of the population.

    Parameters
    ----------
    design : SurveyDesign
        Not calibrated before.
    variables : mapping from name to (n,) floats
        A variable of ones is the number of firms. Not read where the weight is 0.
    totals : mapping
        From the same names to their totals in the population.
    margins : sequence of Margin
        Totals by category, beside the variables.
    distance : {"linear", "raking", "logit", "truncated"}
        Linear is the generalised regression estimator; raking multiplies; logit and truncated
        linear keep each weight's factor within `bounds`.
    bounds : pair of floats
        Smallest and largest factor: 0 <= low < 1 < high.
    tolerance : float
        See `Newton.tolerance`; what was reached stands in ``calibration.misfit``.
    iterations : int
        At most so many steps.

    Raises
    ------
    Refusal
        ``already_calibrated``, ``calibration_value_missing``, ``totals_differ``,
        ``totals_inconsistent``, ``totals_unreachable``, ``bounds_invalid``,
        ``calibration_no_convergence``, ``calibration_negative_weights``, and those of
        `Margin.codes`.
    """
    refuse_calibrated(design)
    recipe = newton(
        design.weight,
        variables=variables,
        totals=totals,
        margins=margins,
        distance=distance,
        bounds=bounds,
        tolerance=tolerance,
        iterations=iterations,
    )
    return applied(design, recipe, recipe.auxiliary, distance, tolerance)
