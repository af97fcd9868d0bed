"""One specification on one data set: its equation, and the model of it."""

from analysis.estimation.design import SurveyDesign
from analysis.estimation.regression import Model, estimate
from analysis.pipeline.prepared import Known
from analysis.specification.matrix import Equation, equation
from analysis.specification.model import Specification


def solved(
    specification: Specification, known: Known, design: SurveyDesign
) -> tuple[Equation, Model]:
    """The specification estimated. Raises: Refusal of the equation or of the estimator."""
    ready = equation(specification, known, len(design.weight))
    labels = {name: known[name].label for name in specification.formula.variables}
    model = estimate(
        y=ready.y,
        X=ready.X,
        estimator=specification.estimator,
        covariance=specification.covariance,
        design=design,
        domain=ready.domain,
        outcome=known[specification.outcome].label,
        labels={**ready.labels, **labels},
        parts=ready.parts,
        missing=specification.missing,
    )
    return ready, model
