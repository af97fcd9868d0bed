"""Post-stratification and raking of a design to margins, category by category."""

from collections.abc import Sequence

from analysis.estimation.calibration.applied import applied, refuse_calibrated
from analysis.estimation.design import SurveyDesign
from mathematics.calibration.auxiliary import Categories
from mathematics.calibration.margins import Margin
from mathematics.calibration.raking import SWEEPS, TOLERANCE, raking


def rake(
    design: SurveyDesign,
    margins: Sequence[Margin],
    *,
    tolerance: float = TOLERANCE,
    sweeps: int = SWEEPS,
) -> SurveyDesign:
    """The design with weights that meet several margins, changed by a factor a category.

    Deming and Stephan (1940); the raking-ratio case of Deville and Särndal (1992).

    Raises
    ------
    Refusal
        ``already_calibrated``, ``margins_inconsistent``, ``margin_label_missing``,
        ``margin_label_unknown``, ``margin_cell_empty``, ``raking_no_convergence``.
    """
    return _on_categories(design, margins, "raking", tolerance, sweeps)


def post_stratify(design: SurveyDesign, margin: Margin) -> SurveyDesign:
    """The design with weights that meet the total of every category of one margin.

    To post-stratify by several variables at once, give the margin their crossed labels.

    Raises
    ------
    Refusal
        ``already_calibrated``, ``margin_label_missing``, ``margin_label_unknown``,
        ``margin_cell_empty``.
    """
    return _on_categories(design, (margin,), "post-stratification", TOLERANCE, 1)


def _on_categories(
    design: SurveyDesign, margins: Sequence[Margin], method: str, tolerance: float, sweeps: int
) -> SurveyDesign:
    refuse_calibrated(design)
    recipe = raking(margins, design.weight, tolerance=tolerance, sweeps=sweeps)
    auxiliary = Categories(recipe.codes, tuple(len(target) for target in recipe.targets))
    return applied(design, recipe, auxiliary, method, tolerance)
