"""Two-stage least squares: endogenous terms replaced by what instruments say of them."""

from dataclasses import replace

import numpy as np

from analysis.estimation.coordinates import inverse_information
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.glm import predictions
from analysis.estimation.instrumental.equations import (
    ROLES,
    instrumented,
    projection,
    refuse_irrelevant,
)
from analysis.estimation.instrumental.summary import described
from analysis.estimation.outcomes import refuse_perfect_fit, residual_variance
from analysis.estimation.responses import LINEAR
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution


def _solve(sample: Sample, start: Floats | None) -> Solution:
    """Coefficients b with sum of w x-hat (y - x'b) = 0 (Wooldridge 2010, eq. 5.28).

    Scores are x-hat times the residual of the outcome's own equation. That the first stage was
    estimated does not matter to the first order, for x-hat enters as an instrument.
    """
    equation = instrumented(sample)
    explained = equation.first.Z @ projection(equation.first.Z, sample.Z, sample.weight)
    refuse_irrelevant(sample, equation)
    bread = inverse_information(explained, sample.weight)
    coefficients = np.zeros(sample.main.width)
    for _ in range(2):  # the second mends the rounding of the first
        residual = sample.y - sample.Z @ coefficients
        coefficients = coefficients + bread @ (explained.T @ (sample.weight * residual))
    residual = sample.y - sample.Z @ coefficients
    solution = Solution(
        coefficients=coefficients,
        scores=explained * residual[:, None],
        bread=bread,
        blocks=(sample.main,),
        predictions=predictions(LINEAR),
        dispersion=residual_variance(sample, residual),
        residual_df=float(len(sample.y) - sample.main.width),
    )
    if start is not None:
        return solution
    refuse_perfect_fit(sample, residual)
    measures, notes = described(sample, equation, solution)
    prefix = "weighted_" if sample.is_weighted else ""
    return replace(
        solution,
        fit_measures={f"{prefix}residual_std_error": solution.dispersion**0.5, **measures},
        notes=equation.notes + notes,
    )


TWO_STAGE_LEAST_SQUARES = Estimator(
    "two_stage_least_squares",
    "Two-stage least squares",
    "A number; some terms endogenous, with instruments for them.",
    _solve,
    LIKELIHOOD,
    roles=ROLES,
)
