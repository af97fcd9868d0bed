"""Control functions: what is endogenous of a term is its first-stage residual, kept in the model.

Two steps: least squares of each endogenous term on instruments and exogenous terms, then the
outcome's model with the residuals as further terms (Rivers and Vuong 1988; Wooldridge 2015).
The estimating equations of both steps are stacked, so that the first step's uncertainty is in
every covariance.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg
from scipy import stats

from analysis.estimation.blocks import Block, ancillary, copied
from analysis.estimation.design_matrix import Column
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import TWO_STEPS, Estimator
from analysis.estimation.glm import LINEAR_MODEL, LOGIT_MODEL, PROBIT_MODEL
from analysis.estimation.instrumental.auxiliary import undesigned
from analysis.estimation.instrumental.equations import (
    ROLES,
    Instrumented,
    instrumented,
    projection,
    refuse_irrelevant,
    refuse_no_residuals,
)
from analysis.estimation.instrumental.strength import first_stages
from analysis.estimation.responses import LINEAR, LOGIT, PROBIT, Response
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

RESPONSES: dict[str, Response] = {
    "control_function_linear": LINEAR,
    "control_function_logit": LOGIT,
    "control_function_probit": PROBIT,
}
RESIDUAL = "residual"
FIRST_STAGE = "first_stage"


@dataclass(frozen=True, slots=True)
class _Model:
    """The second step: how the outcome is modelled once residuals are among the terms."""

    response: Response
    second: Callable[[Sample, Floats | None], Solution]

    def solve(self, sample: Sample, start: Floats | None) -> Solution:
        equation = instrumented(sample, leads=True)
        endogenous = sample.X[:, equation.endogenous]
        slopes = projection(equation.first.Z, endogenous, sample.weight)
        residuals = endogenous - equation.first.Z @ slopes
        if start is None:
            refuse_irrelevant(sample, equation)
            refuse_no_residuals(sample, equation, residuals)
            _refuse_binary(sample, equation, self.response)
        widened = _widened(sample, equation, residuals)
        known = None if start is None else start[: widened.main.width]
        coefficients = self.second(widened, known).coefficients
        scores, minus = _stacked(widened, equation, self.response, coefficients, residuals)
        solution = Solution(
            coefficients=np.concatenate([coefficients, slopes.T.ravel()]),
            scores=scores,
            bread=scipy.linalg.inv(minus),
            blocks=_blocks(sample, equation),
            predictions={},
            is_likelihood=False,
        )
        if start is not None:
            return solution
        return replace(
            solution, fit_measures=_measures(sample, equation, solution), notes=equation.notes
        )


def _refuse_binary(sample: Sample, equation: Instrumented, response: Response) -> None:
    """Refuse a yes-or-no term as endogenous in a logit or probit.

    Its residual takes two values for firms alike and cannot be independent of them, as the
    control function of a nonlinear model supposes (Wooldridge 2015, section 6.2).
    """
    if response is LINEAR:
        return
    for place in equation.endogenous:
        if np.all((sample.X[:, place] == 0) | (sample.X[:, place] == 1)):
            raise Refusal(
                "endogenous_binary",
                f"{sample.wording.term(sample.names[place])} is yes or no; a control function "
                "for a logit or probit supposes an endogenous term that is continuous.",
                "Use the recursive bivariate probit, or two-stage least squares.",
            )


def _widened(sample: Sample, equation: Instrumented, residuals: Floats) -> Sample:
    """The sample with the residuals as the last columns of the main equation."""
    main = sample.main
    names = [f"{RESIDUAL}|{name}" for name in equation.names(sample)]
    return replace(
        sample,
        main=Block(
            "",
            (*main.columns, *(Column(name) for name in names)),
            np.column_stack([main.X, residuals]),
            np.column_stack([main.Z, residuals]),
            scipy.linalg.block_diag(main.back, np.eye(len(names))),
        ),
    )


def _blocks(sample: Sample, equation: Instrumented) -> tuple[Block, ...]:
    """Main equation, coefficients of the residuals, first stages."""
    names = equation.names(sample)
    alone = len(names) == 1
    return (
        sample.main,
        *(ancillary(f"{RESIDUAL}|{name}", len(sample.y)) for name in names),
        *(
            copied(equation.first, FIRST_STAGE if alone else f"{FIRST_STAGE}|{name}")
            for name in names
        ),
    )


def _stacked(
    widened: Sample,
    equation: Instrumented,
    response: Response,
    coefficients: Floats,
    residuals: Floats,
) -> tuple[Floats, Floats]:
    """Estimating functions (m, k) and minus the derivative of their weighted sum, (k, k).

    With index x'b + v'r and v = x2 - z'p: the second step's score moves with p through the
    index and, in the rows of r, through v itself. Second derivatives are as observed.
    """
    X, first, weight = widened.Z, equation.first.Z, widened.weight
    index = X @ coefficients
    score = response.score(widened.y, index)
    curved = weight * response.observed(widened.y, index)
    inside, width, count = X.shape[1], first.shape[1], residuals.shape[1]
    minus = np.zeros((inside + count * width, inside + count * width))
    minus[:inside, :inside] = X.T @ (curved[:, None] * X)
    moments = first.T @ (weight[:, None] * first)
    for position in range(count):
        place = slice(inside + position * width, inside + (position + 1) * width)
        own = inside - count + position
        minus[:inside, place] = -coefficients[own] * (X.T @ (curved[:, None] * first))
        minus[own, place] += (weight * score) @ first
        minus[place, place] = moments
    scores = np.hstack(
        [X * score[:, None], *(first * residual[:, None] for residual in residuals.T)]
    )
    return scores, minus


def _measures(sample: Sample, equation: Instrumented, solution: Solution) -> dict[str, float]:
    """Strength of the instruments, and the test of exogeneity under HC1."""
    measures: dict[str, float] = {}
    fitted = undesigned(sample, solution)
    strengths = first_stages(fitted, "HC1", equation)
    for each in strengths:
        mark = f"[{each.term}]" if len(strengths) > 1 else ""
        measures[f"first_stage_partial_r_squared{mark}"] = each.partial_r_squared
        measures[f"first_stage_robust_f{mark}"] = each.first_stage.statistic
    count, inside = len(strengths), sample.main.width
    n, k = solution.scores.shape
    influence = sample.weight[:, None] * (solution.scores @ solution.bread.T)
    own = influence[:, inside : inside + count]
    covariance = n / (n - k) * own.T @ own
    residual = solution.coefficients[inside : inside + count]
    wald = float(residual @ np.linalg.solve(covariance, residual))
    measures["robust_endogeneity_wald"] = wald
    measures["robust_endogeneity_p_value"] = float(stats.chi2.sf(wald, count))
    return measures


CONTROL_FUNCTION_LINEAR = Estimator(
    "control_function_linear",
    "Linear, control function",
    "A number; some terms endogenous, with instruments for them.",
    _Model(LINEAR, LINEAR_MODEL.solve).solve,
    TWO_STEPS,
    roles=ROLES,
)
CONTROL_FUNCTION_LOGIT = Estimator(
    "control_function_logit",
    "Logit, control function",
    "Yes or no; some continuous terms endogenous, with instruments for them.",
    _Model(LOGIT, LOGIT_MODEL.solve).solve,
    TWO_STEPS,
    roles=ROLES,
)
CONTROL_FUNCTION_PROBIT = Estimator(
    "control_function_probit",
    "Probit, control function",
    "Yes or no; some continuous terms endogenous, with instruments for them.",
    _Model(PROBIT, PROBIT_MODEL.solve).solve,
    TWO_STEPS,
    roles=ROLES,
)
CONTROL_FUNCTIONS = (CONTROL_FUNCTION_LINEAR, CONTROL_FUNCTION_LOGIT, CONTROL_FUNCTION_PROBIT)
