"""Whether instruments were needed, and whether several agree."""

import numpy as np
import scipy.linalg

from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.instrumental.auxiliary import Judgement, tail
from analysis.estimation.instrumental.equations import beyond, instrumented, refuse_no_residuals
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal


def endogeneity(fitted: Fitted, kind: Covariance) -> Judgement:
    """The Durbin-Wu-Hausman test in its control-function form (Wooldridge 2010, section 6.3.1).

    Least squares with the residuals of the first stages as further terms: were the terms
    exogenous, their coefficients would be zero. That the residuals are estimated does not
    matter under that hypothesis.

    Raises: Refusal ``perfect_first_stage``, ``residuals_dependent``; as
    `covariance.uncertainty`.
    """
    whole, equation = fitted.sample, instrumented(fitted.sample)
    endogenous = whole.X[:, equation.endogenous]
    refuse_no_residuals(whole, equation, beyond(equation.first.Z, endogenous, whole.weight))

    def regression(sample: Sample) -> tuple[Floats, Floats]:
        residuals = beyond(equation.first.Z, sample.X[:, equation.endogenous], sample.weight)
        length = np.sqrt((residuals**2).mean(axis=0))
        return sample.y, np.column_stack([sample.Z, residuals / length])

    return tail(fitted, regression, len(equation.endogenous), kind).judged("Durbin-Wu-Hausman")


def overidentification(fitted: Fitted, kind: Covariance) -> Judgement:
    """Whether more instruments than are needed agree on one effect.

    Under ``model`` the test of Sargan (1958): n R squared of the residuals on the instruments.
    Otherwise that of Hansen (1982): the objective of two-step efficient GMM, whose weighting
    matrix is the covariance, of the kind asked, of the moments at the two-stage residuals.

    Raises: Refusal ``just_identified``; as `covariance.uncertainty`.
    """
    sample, equation = fitted.sample, instrumented(fitted.sample)
    spare = equation.excluded - len(equation.endogenous)
    if spare == 0:
        raise Refusal(
            "just_identified",
            "There are as many instruments as endogenous terms, so whether they are valid "
            "cannot be tested.",
            "Argue for the instruments from outside the data, or find a further one.",
        )
    residual = sample.y - sample.Z @ fitted.solution.coefficients
    first, weight = equation.first.Z, sample.weight
    if kind == "model":
        uncertainty(kind, fitted)  # refuses sampling weights
        left = beyond(first, residual[:, None], weight)[:, 0]
        share = 1 - (weight @ left**2) / (weight @ residual**2)
        return Judgement("Sargan", float(len(residual) * share), spare, np.inf, is_chi_square=True)
    moments = moment_covariance(fitted, first * residual[:, None], kind)
    scale = np.sqrt(np.diag(moments))
    root = scipy.linalg.cholesky(moments / np.outer(scale, scale), lower=True)

    def whitened(values: Floats) -> Floats:
        result: Floats = scipy.linalg.solve_triangular(
            root, (first.T @ (weight[:, None] * values)) / scale[:, None], lower=True
        )
        return result

    target, slopes = whitened(sample.y[:, None])[:, 0], whitened(sample.Z)
    slopes = slopes / np.linalg.norm(slopes, axis=0)
    apart = target - slopes @ np.linalg.lstsq(slopes, target, rcond=None)[0]
    return Judgement("Hansen J", float(apart @ apart), spare, np.inf, is_chi_square=True)


def moment_covariance(fitted: Fitted, moments: Floats, kind: Covariance) -> Floats:
    """(L, L) covariance of the weighted sums of (m, L) moments.

    ``HC1`` and ``cluster`` without their small-sample factors, as Stata's ivreg2.
    """
    sample = fitted.sample
    if kind in ("HC0", "HC1"):
        return weighted_moments(moments, sample.weight**2)
    if kind == "replicate":
        raise Refusal(
            "covariance_not_defined",
            "The test of overidentification is not defined under replicate weights.",
            "Choose HC1, clustered or design-based standard errors.",
        )
    width = moments.shape[1]
    solution = Solution(
        coefficients=np.zeros(width),
        scores=moments,
        bread=np.eye(width),
        blocks=fitted.solution.blocks,
        predictions={},
        report=np.eye(width),
        terms=tuple(map(str, range(width))),
    )
    helper = Estimator(
        "moments", fitted.estimator.title, "", lambda *_: solution, fitted.estimator.covariances
    )
    spread = uncertainty(kind, Fitted(solution, sample, fitted.design, helper))
    if kind == "cluster" and spread.n_clusters is not None:
        clusters, firms = spread.n_clusters, len(sample.y)
        factor = clusters / (clusters - 1) * (firms - 1) / (firms - width)
        return np.asarray(spread.covariance / factor)
    return spread.covariance
