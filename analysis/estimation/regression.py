"""The one way in: outcome, regressors and design to a fit."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.binary import binary_measures, fit_binary, log_likelihood
from analysis.estimation.covariance import Uncertainty, uncertainty
from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Estimates, Fit, Floats
from analysis.estimation.linear import fit_linear, linear_measures
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.sample import Sample, Wording, estimation_sample
from analysis.estimation.solution import Solution

ESTIMATORS = ("linear", "logit", "probit")
FEW_EVENTS_PER_TERM = 10


def fit(
    *,
    y: "npt.ArrayLike | pd.Series[float]",
    X: DesignMatrix,
    estimator: str,
    covariance: Covariance,
    design: SurveyDesign,
    domain: Rows,
    margins: bool = True,
    outcome: str = "the outcome",
    labels: Mapping[str, str] | None = None,
) -> Fit:
    """Estimate one model.

    Parameters
    ----------
    y : (n,) floats
        NaN where missing. A firm with a missing answer stays in the design with influence 0.
    X : DesignMatrix
        The same n firms, in the same order.
    estimator : {"linear", "logit", "probit"}
        How the outcome depends on the linear predictor.
    covariance : {"model", "HC1", "cluster", "design"}
        What standard errors are to allow for.
    design : SurveyDesign
        Its weights hold for every covariance; strata and population for ``design`` only.
    domain : (n,) booleans
        The subpopulation.
    margins : bool
        Whether average marginal effects are wanted.
    outcome : str
        What sentences for people call the outcome.
    labels : mapping
        From names of columns and variables to what sentences call them.

    Raises
    ------
    Refusal
        Where no honest estimate exists; docs/methods/estimators.md lists the codes.
    """
    if estimator not in ESTIMATORS:
        raise ValueError(f"There is no estimator {estimator!r}; there are {ESTIMATORS}.")
    values, rows = np.asarray(y, dtype=float), np.asarray(domain, dtype=bool)
    if not len(values) == len(X.X) == len(design.weight) == len(rows):
        raise ValueError("Outcome, regressors, design and domain differ in length.")
    wording = Wording(outcome, labels or {})
    sample = estimation_sample(y=values, matrix=X, design=design, domain=rows, wording=wording)
    solution = fit_linear(sample) if estimator == "linear" else fit_binary(sample, estimator)
    spread = uncertainty(
        covariance, solution=solution, sample=sample, design=design, estimator=estimator
    )
    return _assembled(sample, solution, spread, design, estimator, covariance, margins=margins)


def _assembled(
    sample: Sample,
    solution: Solution,
    spread: Uncertainty,
    design: SurveyDesign,
    estimator: str,
    covariance: Covariance,
    *,
    margins: bool,
) -> Fit:
    estimates = Estimates(
        terms=sample.names,
        coefficients=sample.back @ solution.coefficients,
        covariance=sample.back @ spread.covariance @ sample.back.T,
        residual_df=spread.residual_df,
    )
    return Fit(
        estimator=estimator,
        covariance_type=covariance,
        estimates=estimates,
        n=len(sample.y),
        n_strata=spread.n_strata,
        n_clusters=spread.n_clusters,
        population=float(design.weight[sample.rows].sum()) if design.is_weighted else None,
        log_likelihood=_reported_likelihood(sample, solution, design, estimator),
        fit_measures=_measures(sample, solution, design, estimator),
        margins=average_marginal_effects(
            coefficients=solution.coefficients,
            covariance=spread.covariance,
            residual_df=spread.residual_df,
            sample=sample,
            estimator=estimator,
        )
        if margins
        else None,
        dropped=sample.dropped,
        notes=sample.notes + _events_note(sample, estimator) + spread.notes,
    )


def _reported_likelihood(
    sample: Sample, solution: Solution, design: SurveyDesign, estimator: str
) -> float | None:
    if estimator == "linear" or design.is_weighted:
        return None
    return log_likelihood(sample, solution, estimator)


def _measures(
    sample: Sample, solution: Solution, design: SurveyDesign, estimator: str
) -> dict[str, float]:
    if estimator == "linear":
        return linear_measures(sample, solution, is_weighted=design.is_weighted)
    return binary_measures(sample, solution, estimator, is_weighted=design.is_weighted)


def _events_note(sample: Sample, estimator: str) -> tuple[str, ...]:
    terms = sample.X.shape[1] - 1
    if estimator == "linear" or terms == 0:
        return ()
    rarer: Floats = np.minimum(sample.y.sum(), (1 - sample.y).sum())
    if rarer >= FEW_EVENTS_PER_TERM * terms:
        return ()
    return (
        f"The rarer outcome was seen {rarer:.0f} times, fewer than {FEW_EVENTS_PER_TERM} for each "
        f"of the {terms} terms: estimates may be biased away from zero.",
    )
