"""Outcomes that are normal around a linear predictor and known only up to limits.

The linear predictors are the mean and log sigma. A firm is known exactly, or known to lie
between a lower and an upper limit, either of which may be infinite: the tobit (Tobin 1958;
Amemiya 1984) and interval regression (Stewart 1983) are both of this kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.estimates import Floats
from analysis.estimation.fit_measures import criteria, likelihood_measures
from analysis.estimation.labels import Rows
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum
from analysis.estimation.likelihood.existence import (
    Demands,
    quoted_terms,
    standard_columns,
    summit,
)
from analysis.estimation.likelihood.interval_probability import (
    finite,
    log_density,
    normal_interval,
)
from analysis.estimation.likelihood.solved import derived_from, intercepts_alone
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution, linear_predictors

LOG_SIGMA = "log_sigma"


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the outcome of m firms.

    Attributes
    ----------
    lower, upper : (m,) floats, equal where the outcome is known exactly, else in order
    certain : in a refusal, what would be certain of a firm
    """

    lower: Floats
    upper: Floats
    certain: str

    @property
    def exact(self) -> Rows:
        """(m,) firms whose outcome is known exactly."""
        result: Rows = self.lower == self.upper
        return result


def normal_derivatives(known: Known, eta: Floats) -> Derivatives:
    """Log-densities of what is known exactly, log-probabilities of the rest; eta is (2, m)."""
    mean, log_sigma = eta
    precision = np.exp(-log_sigma)
    exact = known.exact
    z = np.where(exact, (finite(known.lower) - mean) * precision, 0.0)
    gradient = np.vstack([z * precision, z * z - 1])
    curved = np.array([[-(precision**2), -2 * z * precision], [-2 * z * precision, -2 * z * z]])
    log = log_density(z) - log_sigma
    apart = ~exact
    if apart.any():
        part = _between(
            (known.lower - mean)[apart] * precision[apart],
            (known.upper - mean)[apart] * precision[apart],
            precision[apart],
        )
        log[apart], gradient[:, apart] = part.log_density, part.gradient
        curved[:, :, apart] = part.hessian
    return Derivatives(log, gradient, curved)


def _between(lower: Floats, upper: Floats, precision: Floats) -> Derivatives:
    """Derivatives of the log-probability between two ends, given in sigmas from the mean.

    Both ends z move with the mean by -1 / sigma, and with log sigma by -z.
    """
    part = normal_interval(lower, upper)
    low, high = finite(lower), finite(upper)
    by_mean = -(part.by_upper + part.by_lower) * precision
    by_scale = -(part.by_upper * high + part.by_lower * low)
    across_upper, across_lower = (
        part.upper_upper + part.upper_lower,
        part.lower_lower + part.upper_lower,
    )
    mean_scale = precision * (across_upper * high + across_lower * low) - by_mean
    scale_scale = (
        part.upper_upper * high**2
        + 2 * part.upper_lower * high * low
        + part.lower_lower * low**2
        - by_scale
    )
    hessian = np.array(
        [
            [precision**2 * (across_upper + across_lower), mean_scale],
            [mean_scale, scale_scale],
        ]
    )
    return Derivatives(part.log, np.vstack([by_mean, by_scale]), hessian)


def solve_normal(
    sample: Sample,
    known: Known,
    start: Floats | None,
    *,
    what: str,
    predictions: dict[str, Prediction],
    notes: tuple[str, ...],
    measures: dict[str, float],
) -> Solution:
    """The maximum of the likelihood; sigma derived from log sigma."""
    blocks = (sample.main, ancillary(LOG_SIGMA, len(sample.y)))
    derivatives = partial(normal_derivatives, known)
    reached = summit(
        Likelihood(blocks, derivatives, _start(sample, known)),
        sample.weight,
        what=what,
        start=start,
        weakest_pull=partial(_weakest_pull, sample, known, blocks),
        demands=partial(_demands, sample, known),
    )
    null = _null(sample, known, derivatives, what) if start is None else None
    sigma = float(np.exp(reached.coefficients[-1]))
    return Solution(
        coefficients=reached.coefficients,
        scores=reached.scores,
        bread=reached.bread,
        blocks=blocks,
        predictions=predictions,
        derived=(derived_from("sigma", sigma, {LOG_SIGMA: sigma}, blocks),),
        log_likelihood=reached.log_likelihood,
        null_log_likelihood=null,
        fit_measures={**measures, **_measures(sample, known, reached, null)},
        notes=notes,
    )


def _null(
    sample: Sample, known: Known, derivatives: Callable[[Floats], Derivatives], what: str
) -> float | None:
    """Log-likelihood of one mean and one sigma for all; None if it has no summit."""
    middle = _middle(known)
    spread = max(float(np.std(middle)), np.finfo(float).tiny)
    return intercepts_alone(derivatives, np.array([middle.mean(), np.log(spread)]), sample, what)


def _measures(
    sample: Sample, known: Known, reached: Maximum, null: float | None
) -> dict[str, float]:
    """McFadden's R squared only of probabilities: densities may exceed one."""
    k = len(reached.coefficients)
    if null is not None and not known.exact.any():
        return likelihood_measures(sample, reached.log_likelihood, null, k)
    return {} if sample.is_weighted else criteria(reached.log_likelihood, len(sample.y), k)


def latent_mean(eta: Floats) -> Curve:
    """The mean before limits: the main predictor itself."""
    slope = np.zeros_like(eta)
    slope[0] = 1.0
    return Curve(eta[0], slope, np.zeros((len(eta), *eta.shape)))


LATENT_MEAN = Prediction("latent_mean", "Mean of the latent outcome", latent_mean)


def _middle(known: Known) -> Floats:
    """(m,) a value for each firm, to start from: the finite end, or the middle of two."""
    low, high = known.lower, known.upper
    low_or_high = np.where(np.isfinite(low), low, high)
    high_or_low = np.where(np.isfinite(high), high, low)
    result: Floats = low_or_high / 2 + high_or_low / 2
    return result


def _start(sample: Sample, known: Known) -> Floats:
    """Least squares on the middles."""
    y, root = _middle(known), np.sqrt(sample.weight)
    slopes = np.linalg.lstsq(root[:, None] * sample.Z, root * y, rcond=None)[0]
    spread = np.sqrt(np.average((y - sample.Z @ slopes) ** 2, weights=sample.weight))
    size = max(float(np.abs(y).max()), np.finfo(float).tiny)
    return np.append(slopes, np.log(max(spread, 1e-6 * size)))


def _weakest_pull(
    sample: Sample, known: Known, blocks: tuple[Block, ...], reached: Maximum
) -> float:
    """The weakest pull of a limit on the mean, in sigmas; one where all are known exactly."""
    mean, log_sigma = linear_predictors(blocks, reached.coefficients)
    apart = ~known.exact & (sample.weight > 0)
    precision = np.exp(-log_sigma[apart])
    lower = (known.lower - mean)[apart] * precision
    upper = (known.upper - mean)[apart] * precision
    part = normal_interval(lower, upper)
    pulls = np.concatenate([part.by_upper[np.isfinite(upper)], -part.by_lower[np.isfinite(lower)]])
    return float(pulls.min(initial=1.0))


def _demands(sample: Sample, known: Known) -> Demands:
    """In the coordinates b / sigma and 1 / sigma, in which the likelihood is concave.

    (Olsen 1978; Burridge 1981.) What is known exactly must stay where it is, in sigmas; upper
    limits may only rise above the mean, lower ones fall below, and 1 / sigma may only grow.
    """
    counted = sample.weight > 0
    columns = standard_columns(sample.main)
    scale = max(float(np.abs(_middle(known)).max()), np.finfo(float).tiny)
    above = counted & np.isfinite(known.upper) & ~known.exact
    below = counted & np.isfinite(known.lower) & ~known.exact
    exact = counted & known.exact
    growth = np.zeros((1, columns.shape[1] + 1))
    growth[0, -1] = 1.0
    return Demands(
        never_negative=np.vstack(
            [
                np.column_stack([-columns[above], known.upper[above] / scale]),
                np.column_stack([columns[below], -known.lower[below] / scale]),
                growth,
            ]
        ),
        firm=np.concatenate([np.flatnonzero(above), np.flatnonzero(below), [-1]]),
        zero=np.column_stack([-columns[exact], known.lower[exact] / scale]),
        terms=(*quoted_terms(sample.main, sample.wording), ""),
        certain=known.certain,
        exact=sample.wording.outcome,
    )
