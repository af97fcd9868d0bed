"""Logit and probit: whether there was an innovation."""

import warnings
from collections.abc import Iterator

import numpy as np
import statsmodels.api as sm
from scipy import special

from analysis.estimation.coordinates import inverse_information
from analysis.estimation.estimates import Floats
from analysis.estimation.responses import RESPONSES, Response
from analysis.estimation.sample import Sample, refuse_not_binary
from analysis.estimation.separation import refuse_empty_cells, refuse_separation
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Largest Newton step, in standard errors of a coefficient, at which a fit has converged.
SCALED_STEP = 1e-10
RESTARTS = 6
ITERATIONS = 25
# Steps uphill where statsmodels finds no end, and halvings of one step.
STEPS = 200
HALVINGS = 40
# Of a log-likelihood: what rounding alone may take away from one step to the next.
LEVEL = 1e-13
# Residual of a firm below which it may be predicted without error.
SURE = 1e-8
# Change of the coefficients at which statsmodels may stop, and steps after it.
PARAMETER_TOLERANCE = 1e-4
POLISHES = 3
# Scaled step at which another would be rounding.
POLISHED = 1e-13


def fit_binary(sample: Sample, estimator: str) -> Solution:
    """Coefficients that maximise the (weighted) likelihood.

    statsmodels iterates; we hold its answer against the scores, add scoring steps, and restart
    it from there until the scaled step is below `SCALED_STEP`.

    Raises
    ------
    Refusal
        ``outcome_not_binary``; ``separation`` if no finite estimates exist;
        ``no_convergence`` if they exist and cannot be reached.
    """
    refuse_not_binary(sample, estimator)
    refuse_empty_cells(sample)
    overlap = False
    for solution in _attempts(sample, RESPONSES[estimator]):
        converged = _scaled_step(sample, solution) < SCALED_STEP
        overlap = overlap or (converged and _proves_overlap(sample, solution))
        if not overlap and (converged or _weakest(solution) <= SURE):
            refuse_separation(sample)
            overlap = True
        if converged:
            return solution
    refuse_separation(sample)
    return _climbed(sample, estimator)


def _attempts(sample: Sample, response: Response) -> Iterator[Solution]:
    """Where statsmodels stops, time after time; ends where the iterations lead nowhere."""
    family = sm.families.Binomial(link=response.link())
    # The intercept is known to be there: statsmodels would look for it by its rank.
    model = sm.GLM(sample.y, sample.Z, family=family, var_weights=sample.weight, hasconst=True)
    start = _start(sample, response)
    for _ in range(RESTARTS):
        try:
            # statsmodels warns of perfect separation on some of its roads; we look ourselves.
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                start = model.fit(
                    start_params=start,
                    maxiter=ITERATIONS,
                    tol_criterion="params",
                    tol=PARAMETER_TOLERANCE,
                ).params
                solution = _polished(sample, response, start)
                start = solution.coefficients
        except (np.linalg.LinAlgError, ValueError):
            return
        if not np.isfinite(solution.bread).all():
            return
        yield solution


def _climbed(sample: Sample, estimator: str) -> Solution:
    """The solution by Newton steps, halved until the likelihood rises.

    For the rare sample on which full scoring steps, statsmodels' only kind, swing to and fro:
    one firm far out with the outcome that nobody expected. The likelihood has one summit, so
    a road that only climbs leads there.
    """
    response = RESPONSES[estimator]
    solution = _solution(sample, response, _null(sample, response))
    for _ in range(STEPS):
        if _scaled_step(sample, solution) < SCALED_STEP:
            return solution
        observed = response.observed(sample.y, solution.linear_predictor)
        inverse = inverse_information(sample.Z, sample.weight * observed)
        step = inverse @ (sample.Z.T @ (sample.weight * solution.residual))
        height = log_likelihood(sample, solution, estimator)
        for _ in range(HALVINGS):
            ahead = _solution(sample, response, solution.coefficients + step)
            if log_likelihood(sample, ahead, estimator) >= height - LEVEL * abs(height):
                break
            step = step / 2
        solution = ahead
    raise Refusal(
        "no_convergence",
        f"The {estimator} of {sample.wording.outcome} did not converge: some estimates grow "
        "almost without bound.",
        "Look for terms that nearly determine the outcome, or that are nearly the same.",
    )


def _polished(sample: Sample, response: Response, coefficients: Floats) -> Solution:
    """The solution after a few more scoring steps, each cheaper than one of statsmodels'."""
    solution = _solution(sample, response, coefficients)
    for _ in range(POLISHES):
        step = _scoring_step(sample, solution)
        if _scaled(step, solution) < POLISHED:
            break
        solution = _solution(sample, response, solution.coefficients + step)
    return solution


def _solution(sample: Sample, response: Response, coefficients: Floats) -> Solution:
    predictor = sample.Z @ coefficients
    return Solution(
        coefficients=coefficients,
        linear_predictor=predictor,
        residual=response.score(sample.y, predictor),
        bread=inverse_information(sample.Z, sample.weight * response.curvature(predictor)),
    )


def _start(sample: Sample, response: Response) -> Floats:
    """One scoring step from the model of an intercept alone; it saves statsmodels one or two."""
    null = _null(sample, response)
    return null + _scoring_step(sample, _solution(sample, response, null))


def _null(sample: Sample, response: Response) -> Floats:
    """(k,) coefficients of the model of an intercept alone."""
    null = np.zeros(sample.Z.shape[1])
    predictor = response.link()(np.average(sample.y, weights=sample.weight))
    null[0] = predictor / sample.Z[0, 0]
    return null


def _scoring_step(sample: Sample, solution: Solution) -> Floats:
    """(k,) change of the coefficients by expected information."""
    result: Floats = solution.bread @ (sample.Z.T @ (sample.weight * solution.residual))
    return result


def _scaled_step(sample: Sample, solution: Solution) -> float:
    """The largest component of the next scoring step, in standard errors."""
    return _scaled(_scoring_step(sample, solution), solution)


def _scaled(step: Floats, solution: Solution) -> float:
    return float(np.max(np.abs(step) / np.sqrt(np.diag(solution.bread))))


def _weakest(solution: Solution) -> float:
    """Residual of the firm that is predicted best."""
    return float(np.min(np.abs(solution.residual)))


def _proves_overlap(sample: Sample, solution: Solution) -> bool:
    """True if these estimates are a proof that the outcomes are not separated.

    Were d a direction of separation, the score along d would be the sum of w |r| |x'd|:
    every firm pulls the same way. That sum is at least min|r| sqrt(min w) times the length
    of d in the metric of the information, whose curvatures are below one; and the score
    along d is at most the Newton decrement times that length. Where a firm is predicted almost
    surely the information is too nearly singular for rounded numbers to prove anything.
    """
    gradient = sample.Z.T @ (sample.weight * solution.residual)
    decrement = np.sqrt(gradient @ solution.bread @ gradient)
    weakest = _weakest(solution)
    return bool(weakest > SURE and decrement < weakest * np.sqrt(np.min(sample.weight)))


def log_likelihood(sample: Sample, solution: Solution, estimator: str) -> float:
    """Sum over firms, under weights of mean one where the design has weights."""
    sign = 2 * sample.y - 1
    terms = RESPONSES[estimator].log_probability(sign * solution.linear_predictor)
    return float(sample.weight @ terms)


def binary_measures(
    sample: Sample, solution: Solution, estimator: str, *, is_weighted: bool
) -> dict[str, float]:
    """McFadden's R squared, the share predicted correctly, and AIC and BIC without weights.

    With weights there is a pseudo-likelihood only: its ratio is named for what it is, and
    criteria that need a likelihood are left out.
    """
    n, k = sample.Z.shape
    reached = log_likelihood(sample, solution, estimator)
    share = np.average(sample.y, weights=sample.weight)
    null = n * float(special.xlogy(share, share) + special.xlog1py(1 - share, -share))
    predicted = (solution.linear_predictor > 0) == (sample.y == 1)
    correct = float(np.average(predicted, weights=sample.weight))
    if is_weighted:
        return {
            "weighted_pseudo_r_squared": 1 - reached / null,
            "weighted_share_correctly_predicted": correct,
        }
    return {
        "mcfadden_r_squared": 1 - reached / null,
        "share_correctly_predicted": correct,
        "aic": 2 * k - 2 * reached,
        "bic": float(np.log(n)) * k - 2 * reached,
    }
