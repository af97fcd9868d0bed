"""Average partial effects of a control function, averaged over firms and their residuals.

The residual is a firm's own and stays as it is while a term is changed (Blundell and Powell
2004; Wooldridge 2015, equation 14); that it was estimated is in the covariance.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from analysis.estimation.blocks import Block
from analysis.estimation.design_matrix import Column
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.instrumental.control_function import RESPONSES
from analysis.estimation.instrumental.equations import instrumented
from analysis.estimation.margins import Margins, average_marginal_effects
from analysis.estimation.responses import Response
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction

Value = TypeVar("Value")
_HELD = "as it was: "


def average_partial_effects(margins: Margins) -> Estimates | None:
    """Each variable's effect on the expected outcome, residuals held; None without variables.

    Takes the margins of a control-function model under any covariance; the delta method covers
    both steps.
    """
    estimates = average_marginal_effects(held(margins))
    if estimates is None:
        return None
    kept = [place for place, term in enumerate(estimates.terms) if not term.startswith(_HELD)]
    return Estimates(
        terms=tuple(estimates.terms[place] for place in kept),
        coefficients=estimates.coefficients[kept],
        covariance=estimates.covariance[np.ix_(kept, kept)],
        residual_df=estimates.residual_df,
    )


def held(margins: Margins) -> Margins:
    """Margins whose first stages read copies of their variables, which no setting changes.

    With them every function of `analysis.estimation.margins` holds residuals as they were.
    """
    sample, solution = margins.sample, margins.solution
    equation = instrumented(sample, leads=True)
    count = len(equation.endogenous)
    blocks = tuple(
        _reading_copies(block) if place > count else block
        for place, block in enumerate(solution.blocks)
    )
    response = RESPONSES[sample.estimator]
    observed = sample.X[:, equation.endogenous].T
    mean = Prediction(
        "mean", "Expected outcome", lambda eta: _mean(eta, observed=observed, response=response)
    )
    return replace(
        margins,
        solution=replace(solution, blocks=blocks, predictions={"mean": mean}),
        sample=_with_copies(sample),
        prediction=None,
    )


def _reading_copies(block: Block) -> Block:
    columns = tuple(
        Column(
            column.name,
            tuple(replace(factor, variable=_HELD + factor.variable) for factor in column.factors),
        )
        for column in block.columns
    )
    return replace(block, columns=columns)


def _doubled(mapping: Mapping[str, Value]) -> dict[str, Value]:
    return {**mapping, **{_HELD + name: value for name, value in mapping.items()}}


def _with_copies(sample: Sample) -> Sample:
    return replace(
        sample,
        variables=_doubled(sample.variables),
        kinds=_doubled(sample.kinds),
        bases=_doubled(sample.bases),
    )


def _mean(eta: Floats, *, observed: Floats, response: Response) -> Curve:
    """Of predictors x'b, then r for each residual, then z'p for each."""
    count = len(observed)
    slopes, residuals = eta[1 : 1 + count], observed - eta[1 + count :]
    index = eta[0] + (slopes * residuals).sum(axis=0)
    lean = np.vstack([np.ones_like(index)[None], residuals, -slopes])
    rise = response.slope(index)
    bend: Floats = response.bend(index) * lean[:, None] * lean[None]
    for position in range(count):
        one, two = 1 + position, 1 + count + position
        bend[one, two] -= rise
        bend[two, one] -= rise
    return Curve(response.mean(index), rise * lean, bend)
