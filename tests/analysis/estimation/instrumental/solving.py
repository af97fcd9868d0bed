"""Any estimator, registered or not, solved on given firms."""

from typing import Any

import numpy as np

from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimator import Estimator
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.sample import Sample, Wording, estimation_sample


def sample_of(
    y: Any,
    matrix: DesignMatrix,
    estimator: Estimator,
    *,
    parts: Parts | None = None,
    design: SurveyDesign | None = None,
    domain: Any = None,
) -> Sample:
    values, parts = np.asarray(y, dtype=float), parts or Parts()
    estimator.check_roles(parts)
    return estimation_sample(
        y=values,
        matrix=matrix,
        design=design or survey_design(count=len(values)),
        domain=np.ones(len(values), dtype=bool) if domain is None else np.asarray(domain),
        wording=Wording("the outcome", {}),
        parts=parts,
        complete=estimator.complete and estimator.complete(values, matrix, parts),
        estimator=estimator.name,
    )


def solved(
    y: Any, matrix: DesignMatrix, estimator: Estimator, covariance: str = "HC1", **choices: Any
) -> Model:
    """A model as `analysis.estimation.regression.estimate` makes it."""
    sample = sample_of(y, matrix, estimator, **choices)
    design = choices.get("design") or survey_design(count=len(y))
    fitted = Fitted(estimator.solve(sample, None), sample, design, estimator)
    return Model(fitted, uncertainty(covariance, fitted), covariance)


def influence(model: Model) -> np.ndarray:
    """(m, k) what each firm adds to the working coefficients, per unit of its weight."""
    return model.fitted.solution.scores @ model.fitted.solution.bread.T


def moved(model: Model, firm: int, step: float = 1e-4) -> np.ndarray:
    """(k,) how the working coefficients move with one firm's weight, by refitting."""
    fitted = model.fitted
    ends = []
    for sign in (1.0, -1.0):
        weight = fitted.sample.weight.copy()
        weight[firm] += sign * step
        again = fitted.estimator.solve(
            fitted.sample.reweighted(weight), fitted.solution.coefficients
        )
        ends.append(again.coefficients)
    return (ends[0] - ends[1]) / (2 * step)
