"""One estimator on given firms, asked for directly, and differences to hold derivatives against."""

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.likelihood.engine import Derivatives
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.sample import Sample, Wording, estimation_sample

# Step of differences of the fourth order that loses least.
STEP = 1e-3


def sampled(estimator: Estimator, y: Any, X: DesignMatrix, **choices: Any) -> Sample:
    """The sample of all firms, of equal weight, unless the choices say otherwise."""
    values = np.asarray(y, dtype=float)
    parts = choices.get("parts", Parts())
    estimator.check_roles(parts)
    return estimation_sample(
        y=values,
        matrix=X,
        design=choices.get("design", survey_design(count=len(values))),
        domain=choices.get("domain", np.ones(len(values), dtype=bool)),
        wording=Wording(choices.get("outcome", "patents"), choices.get("labels", {})),
        parts=parts,
        complete=estimator.complete(values, X, parts) if estimator.complete else None,
        estimator=estimator.name,
    )


def modelled(estimator: Estimator, y: Any, X: DesignMatrix, **choices: Any) -> Model:
    """A solved model; HC1 of all firms, of equal weight, unless the choices say otherwise."""
    sample = sampled(estimator, y, X, **choices)
    design = choices.get("design", survey_design(count=len(sample.rows)))
    fitted = Fitted(estimator.solve(sample, None), sample, design, estimator)
    covariance = choices.get("covariance", "HC1")
    return Model(fitted, uncertainty(covariance, fitted), covariance)


def differenced(function: Callable[[Floats], Floats], eta: Floats) -> Floats:
    """Derivatives by each row of eta, by differences of the fourth order; the row comes first."""
    rows = []
    for row in range(len(eta)):
        step = np.zeros((len(eta), 1))
        step[row] = STEP
        near = function(eta + step) - function(eta - step)
        far = function(eta + 2 * step) - function(eta - 2 * step)
        rows.append((8 * near - far) / (12 * STEP))
    return np.array(rows)


def worst_derivative(function: Callable[[Floats], Derivatives], eta: Floats) -> float:
    """Largest difference, relative to one more than its size, of gradient and Hessian."""
    here = function(eta)
    gradient = differenced(lambda x: function(x).log_density, eta)
    hessian = differenced(lambda x: function(x).gradient, eta)
    return max(
        float(np.max(np.abs(found - expected) / (1 + np.abs(expected))))
        for found, expected in ((here.gradient, gradient), (here.hessian, hessian))
    )
