"""A recipe applied to a design: its weights and each of its replicates."""

from dataclasses import replace

from analysis.estimation.calibration.record import Calibration
from analysis.estimation.design import SurveyDesign
from analysis.refusals import Refusal
from mathematics.calibration.record import Auxiliary, Recipe, recalibrated


def applied(
    design: SurveyDesign, recipe: Recipe, auxiliary: Auxiliary, method: str, tolerance: float
) -> SurveyDesign:
    """The design with calibrated weights, which keeps how they came about."""
    found = recipe.calibrated(design.weight)
    calibration = Calibration(
        method=method,
        auxiliary=auxiliary,
        recipe=recipe,
        before=design.weight,
        after=found.weight,
        iterations=found.iterations,
        misfit=found.misfit,
        tolerance=tolerance,
    )
    given = design.replicates
    replicates = (
        None if given is None else replace(given, weights=recalibrated(given.weights, recipe))
    )
    return design.calibrated(calibration, replicates)


def refuse_calibrated(design: SurveyDesign) -> None:
    if design.calibration is not None:
        raise Refusal(
            "already_calibrated",
            f"The weights of this design are calibrated already ({design.calibration.method}).",
            "Calibrate the design's first weights to all totals at once.",
        )
