"""What checks of a fit read: outcomes beside what the model expects, and the design behind them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimation.design import Rows, SurveyDesign, survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import Model
from analysis.estimation.responses import CLOGLOG, LINEAR, LOGIT, POISSON, PROBIT, Response
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

RESPONSES: Mapping[str, Response] = {
    "linear": LINEAR,
    "logit": LOGIT,
    "probit": PROBIT,
    "cloglog": CLOGLOG,
    "firth_logit": LOGIT,
    "fractional_logit": LOGIT,
    "fractional_probit": PROBIT,
    "poisson": POISSON,
}
"""Estimators whose outcome depends on one linear predictor."""
BINARY = ("logit", "probit", "cloglog", "firth_logit")
FRACTIONAL = ("fractional_logit", "fractional_probit")


@dataclass(frozen=True, slots=True, eq=False)
class FittedValues:
    """Of the m firms of a model.

    Attributes
    ----------
    y, mean : (m,) floats, outcome and expected outcome, in the outcome's unit
    predictor : (m,) floats, the linear predictor, with the logarithm of an exposure
    weight : (m,) floats of mean one
    response : how the mean depends on the predictor
    """

    y: Floats
    mean: Floats
    predictor: Floats
    weight: Floats
    response: Response

    @property
    def share(self) -> Floats:
        """Weights that sum to one."""
        result: Floats = self.weight / self.weight.sum()
        return result


def fitted_values(model: Model, estimators: Collection[str], what: str) -> FittedValues:
    """The fitted values of a model of one linear predictor.

    Raises: Refusal ``measure_not_defined`` if the estimator is not among those named; `what`
    is what is not defined then, as the start of the sentence.
    """
    refuse_other_estimators(model, estimators, what)
    sample = model.fitted.sample
    response = RESPONSES[model.fitted.estimator.name]
    predictor: Floats = model.fitted.solution.linear_predictors[0]
    exposure = sample.outcomes.get("exposure")
    if exposure is not None:
        predictor = predictor + np.log(exposure)
    return FittedValues(sample.y, response.mean(predictor), predictor, sample.weight, response)


def refuse_other_estimators(model: Model, estimators: Collection[str], what: str) -> None:
    """Refuse a model by an estimator for which something is not defined."""
    estimator = model.fitted.estimator
    if estimator.name not in estimators:
        raise Refusal(
            "measure_not_defined",
            f"{what} is not defined for {estimator.title.lower()}.",
            f"It is defined for {', '.join(each.replace('_', ' ') for each in estimators)}.",
        )


def refuse_weights(model: Model, what: str, instead: str) -> None:
    """Refuse what holds for a simple random sample alone."""
    if model.fitted.design.is_weighted:
        raise Refusal(
            "not_under_weights",
            f"{what} counts firms, and under sampling weights its distribution is not known.",
            instead,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A covariance of q averages and its degrees of freedom, before any term is fitted."""

    covariance: Floats
    degrees_of_freedom: float


def spread_of(model: Model, influence: Floats) -> Spread:
    """Sampling covariance of q estimates under what the model's standard errors allow for.

    Parameters
    ----------
    model : Model
        Under ``design`` its strata, clusters and populations count; under ``cluster`` its
        clusters, with the factor G / (G - 1); else firms are independent, with n / (n - 1).
    influence : (m, q) floats
        Of each firm on each estimate before weighting: the estimate less what it estimates
        is about the sum of `influence` times the weights of mean one.

    Raises
    ------
    Refusal
        ``covariance_not_defined`` under two-way clusters and replicates; those of
        `variance.linearized_variance`.
    """
    design, rows = assumed_design(model)
    scattered = np.zeros((len(rows), influence.shape[1]))
    scattered[rows] = influence / design.weight[rows].mean()
    freedom = design.degrees_of_freedom(rows) if _has_structure(model) else np.inf
    return Spread(linearized_variance(scattered, design, rows), float(freedom))


def assumed_design(model: Model) -> tuple[SurveyDesign, Rows]:
    """The design that the model's standard errors allow for, and the m firms in it."""
    fitted, kind = model.fitted, model.covariance_type
    labels = fitted.sample.labels
    if kind == "replicate" or (kind == "cluster" and "cluster_2" in labels):
        raise Refusal(
            "covariance_not_defined",
            "This test rests on sums over sampled units, which replicate weights and two ways of "
            "clustering do not give.",
            'Read the model under another covariance first: model.under("design").',
        )
    if kind == "design":
        return fitted.design, fitted.sample.rows
    weight = fitted.sample.weight
    cluster = None
    if kind == "cluster":
        given = labels.get("cluster", fitted.design.cluster[fitted.sample.rows])
        cluster = pd.factorize(np.asarray(given))[0]
    every: Rows = np.ones(len(weight), dtype=bool)
    return survey_design(count=len(weight), weight=weight, cluster=cluster), every


def _has_structure(model: Model) -> bool:
    return model.covariance_type in ("design", "cluster")
