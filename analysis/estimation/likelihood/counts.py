"""Negative binomial regression: counts that vary more than a Poisson's."""

import numpy as np

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.glm import POISSON_MODEL
from analysis.estimation.likelihood.count_densities import Density, negative_binomial
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, maximise
from analysis.estimation.likelihood.solved import (
    dependent_terms,
    derived_from,
    intercepts_alone,
    only,
    solution_of,
)
from analysis.estimation.outcomes import refuse_not_counts
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.separation import refuse_counts_apart
from analysis.estimation.solution import Curve, Derived, Prediction, Solution, linear_predictors
from analysis.refusals import Refusal

# Alpha at which it is seen whether the likelihood rises from the Poisson.
NEARLY_POISSON = 1e-6
# Alphas from which iterations start.
SMALLEST_START, LARGEST_START = 1e-2, 10.0


def log_exposure(sample: Sample) -> Floats:
    """(m,) logarithms of the exposure; zeros without one."""
    exposure = sample.outcomes.get("exposure")
    if exposure is None:
        return np.zeros(len(sample.y))
    # The Poisson that iterations start from refuses an exposure that is not positive.
    return np.log(np.where(exposure > 0, exposure, 1.0))


def alpha_of(coefficients: Floats, blocks: tuple[Block, ...]) -> Derived:
    """Alpha on its natural scale; its logarithm is the last coefficient."""
    alpha = float(np.exp(coefficients[-1]))
    return derived_from("alpha", alpha, {"log_alpha": alpha}, blocks)


def first_log_alpha(y: Floats, mean: Floats, weight: Floats) -> float:
    """By moments: the squared residuals beyond the Poisson's over the squared means."""
    alpha = weight @ ((y - mean) ** 2 - mean) / (weight @ mean**2)
    return float(np.log(np.clip(alpha, SMALLEST_START, LARGEST_START)))


def refuse_no_overdispersion(
    sample: Sample, derivatives: Density, eta: Floats, instead: str
) -> None:
    """Refuse if the likelihood falls as alpha leaves zero, at the estimates of `instead`.

    `eta` is (M, m), its last row free: log alpha is put there.
    """
    eta[-1] = np.log(NEARLY_POISSON)
    if sample.weight @ derivatives(eta).gradient[-1] > 0:
        return
    raise Refusal(
        "no_overdispersion",
        f"{sample.wording.outcome} does not vary more than a {instead.replace('_', ' ')} model "
        "says: the best alpha of the negative binomial is zero, at its bound.",
        f"Use the estimator {instead}.",
    )


def _solve(sample: Sample, start: Floats | None) -> Solution:
    blocks = (sample.main, ancillary("log_alpha", len(sample.y)))
    density, offset = negative_binomial(sample.y), log_exposure(sample)

    def derivatives(eta: Floats) -> Derivatives:
        return density(np.stack([eta[0] + offset, eta[1]]))

    first = _start(sample, derivatives, blocks, offset) if start is None else start
    what = f"The negative binomial of {sample.wording.outcome}"
    maximum = maximise(Likelihood(blocks, derivatives, first), sample.weight, what=what)
    null = None
    if start is None:
        level = np.average(sample.y, weights=sample.weight) / np.average(
            np.exp(offset), weights=sample.weight
        )
        apart = np.array([np.log(level), maximum.coefficients[-1]])
        null = intercepts_alone(derivatives, apart, sample, what)
    return solution_of(
        sample,
        blocks,
        maximum,
        PREDICTIONS,
        derived=(alpha_of(maximum.coefficients, blocks),),
        null=null,
    )


def _start(
    sample: Sample, derivatives: Density, blocks: tuple[Block, ...], offset: Floats
) -> Floats:
    """The Poisson's coefficients, and alpha by moments."""
    refuse_not_counts(sample)
    _refuse_apart(sample)
    poisson = POISSON_MODEL.solve(sample, None).coefficients
    eta = linear_predictors(blocks, np.append(poisson, 0.0))
    refuse_no_overdispersion(sample, derivatives, eta.copy(), "poisson")
    log_alpha = first_log_alpha(sample.y, np.exp(eta[0] + offset), sample.weight)
    return np.append(poisson, log_alpha)


def _refuse_apart(sample: Sample) -> None:
    """Refuse terms that send the mean of some firms to zero, as the Poisson's iterations may not.

    There are none if the terms are independent among the firms with a count above zero.
    """
    some = only(sample, sample.y > 0)
    if some.X.shape[0] <= some.X.shape[1] or dependent_terms(some):
        refuse_counts_apart(sample)


def _mean(eta: Floats) -> Curve:
    """Expected count, per unit of exposure."""
    mean, none = np.exp(eta[0]), np.zeros_like(eta[0])
    bend = np.zeros((2, *eta.shape))
    bend[0, 0] = mean
    return Curve(mean, np.stack([mean, none]), bend)


PREDICTIONS = {"mean": Prediction("mean", "Expected count", _mean)}
NEGATIVE_BINOMIAL = Estimator(
    "negative_binomial",
    "Negative binomial",
    "A count: a whole number from 0, with variance mean + alpha mean² (NB2).",
    _solve,
    LIKELIHOOD,
    roles=(Role("exposure", "outcome", "what the count is relative to", is_needed=False),),
)
