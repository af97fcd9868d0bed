"""Four covariances of the coefficients, all from the same scores, in the sample's coordinates."""

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.linear import residual_variance
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

FEW_CLUSTERS = 30
FEW_DEGREES_OF_FREEDOM = 10


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """A covariance of the k coefficients of Z and how to read it.

    Attributes
    ----------
    covariance : (k, k) floats
    residual_df : degrees of freedom of t; ``inf`` for the normal
    notes : sentences of caution
    """

    covariance: Floats
    residual_df: float
    n_strata: int | None = None
    n_clusters: int | None = None
    notes: tuple[str, ...] = ()


def uncertainty(
    kind: Covariance, *, solution: Solution, sample: Sample, design: SurveyDesign, estimator: str
) -> Uncertainty:
    """The covariance asked for.

    Raises
    ------
    Refusal
        ``model_covariance_with_weights``, ``too_few_clusters``, ``singleton_stratum``,
        ``no_degrees_of_freedom``, ``no_sampling_variance``.
    """
    match kind:
        case "model":
            return model_based(solution, sample, design, estimator)
        case "HC1":
            return heteroskedasticity_robust(solution, sample, estimator)
        case "cluster":
            return cluster_robust(solution, sample, design)
        case "design":
            return design_based(solution, sample, design)


def model_based(
    solution: Solution, sample: Sample, design: SurveyDesign, estimator: str
) -> Uncertainty:
    """Inverse expected information, times the residual variance for least squares."""
    if design.is_weighted:
        raise Refusal(
            "model_covariance_with_weights",
            "Sampling weights say how many firms each respondent stands for, not how precise its "
            "answers are; model-based standard errors would be wrong under them.",
            "Choose design-based or HC1 standard errors, or leave the weights out "
            "(design: weights: none).",
        )
    dispersion = residual_variance(sample, solution) if estimator == "linear" else 1.0
    return Uncertainty(dispersion * solution.bread, _model_df(sample, estimator))


def heteroskedasticity_robust(solution: Solution, sample: Sample, estimator: str) -> Uncertainty:
    """HC1: the sandwich of weighted scores times n / (n - k)."""
    n, k = sample.Z.shape
    influence = sample.weight[:, None] * solution.scores(sample) @ solution.bread
    return Uncertainty(n / (n - k) * influence.T @ influence, _model_df(sample, estimator))


def cluster_robust(solution: Solution, sample: Sample, design: SurveyDesign) -> Uncertainty:
    """Scores summed within clusters, times G / (G - 1) and (n - 1) / (n - k); t with G - 1."""
    codes, clusters = pd.factorize(design.cluster_codes[sample.rows])
    count = len(clusters)
    if count < 2:
        raise Refusal(
            "too_few_clusters",
            "All firms of the model lie in one cluster, so how clusters differ cannot be seen.",
            "Cluster by a variable with more values, or choose HC1 standard errors.",
        )
    n, k = sample.Z.shape
    influence = sample.weight[:, None] * solution.scores(sample) @ solution.bread
    sums = np.column_stack([np.bincount(codes, column) for column in influence.T])
    factor = count / (count - 1) * (n - 1) / (n - k)
    notes = (
        (f"Only {count} clusters: clustered standard errors are unreliable under {FEW_CLUSTERS}.",)
        if count < FEW_CLUSTERS
        else ()
    )
    return Uncertainty(factor * sums.T @ sums, count - 1.0, n_clusters=count, notes=notes)


def design_based(solution: Solution, sample: Sample, design: SurveyDesign) -> Uncertainty:
    """Linearised variance over strata and clusters; t with degf + 1 - rank, as R survey."""
    strata, clusters = design.strata_and_clusters(sample.rows)
    spare = clusters - strata + 1 - sample.Z.shape[1]
    # Strata first: which of them are single is the more useful thing to be told.
    meat = linearized_variance(_scores(solution, sample), design, sample.rows)
    # The bread is under weights of mean one, the scores under the design's as given.
    bread = solution.bread / design.weight[sample.rows].mean()
    covariance = bread @ meat @ bread
    if spare <= 0:
        raise Refusal(
            "no_degrees_of_freedom",
            f"The model has {sample.Z.shape[1]} terms, and its sampled units ({clusters}) less its "
            f"strata ({strata}) leave no degrees of freedom for them.",
            "Leave terms out, widen the subpopulation, or join strata.",
        )
    _refuse_census(covariance, solution)
    notes = (
        (f"The design leaves {spare} degrees of freedom: intervals are wide and rough.",)
        if spare < FEW_DEGREES_OF_FREEDOM
        else ()
    )
    return Uncertainty(covariance, float(spare), strata, clusters, notes)


def _scores(solution: Solution, sample: Sample) -> Floats:
    """(n, k) scores of every firm of the design, 0 outside the sample."""
    scores = solution.scores(sample)
    if sample.rows.all():
        return scores
    result = np.zeros((len(sample.rows), scores.shape[1]))
    result[sample.rows] = scores
    return result


def _refuse_census(covariance: Floats, solution: Solution) -> None:
    if np.any(np.diag(covariance) <= np.finfo(float).eps ** 2 * np.diag(solution.bread)):
        raise Refusal(
            "no_sampling_variance",
            "Every stratum of the model was enumerated in full, so nothing is left to sampling "
            "and the design-based variance is zero.",
            "To speak of firms beyond this population leave the population counts out "
            "(design: population: none).",
        )


def _model_df(sample: Sample, estimator: str) -> float:
    """As R: n - k after least squares, the normal after maximum likelihood."""
    n, k = sample.Z.shape
    return float(n - k) if estimator == "linear" else inf
