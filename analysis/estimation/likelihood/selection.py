"""Heckman's selection model by maximum likelihood: an outcome that only some firms show."""

import numpy as np
from scipy import special

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.likelihood.correlation import maximise_with_correlation
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum
from analysis.estimation.likelihood.mills import mills, mills_slopes
from analysis.estimation.likelihood.selected import (
    ROLES,
    complete,
    exclusion_notes,
    selected_of,
    selection_probability,
)
from analysis.estimation.likelihood.solved import derived_from, solution_of
from analysis.estimation.likelihood.two_step import mills_notes, second_step
from analysis.estimation.outcomes import refuse_perfect_fit
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Derived, Prediction, Solution

# Correlation that iterations start from at most, whatever the two steps say.
LARGEST_START = 0.85


def selection_likelihood(y: Floats, selected: Floats, eta: Floats) -> Derivatives:
    """Log-likelihoods of (m,) firms (Maddala 1983, equation 8.8; as Stata's heckman).

    Predictors: outcome, selection, atanh rho, log sigma. With e the standardised residual and
    z the selection's predictor, the selected contribute ``log phi(e) - log sigma +
    log Phi(z cosh t + e sinh t)``, t being atanh rho.
    """
    z, t, inverse = eta[1], eta[2], np.exp(-eta[3])
    error, sine, cosine = (y - eta[0]) * inverse, np.sinh(t), np.cosh(t)
    inside = np.where(selected == 1, z * cosine + error * sine, -z)
    ratio, (bent, _) = mills(inside), mills_slopes(inside)
    zero, one = np.zeros_like(z), np.ones_like(z)
    lean = np.stack([-sine * inverse, cosine, z * sine + error * cosine, -sine * error])
    turn = _symmetric(
        4,
        {
            (0, 2): -cosine * inverse,
            (0, 3): sine * inverse,
            (1, 2): sine,
            (2, 2): inside,
            (2, 3): -cosine * error,
            (3, 3): sine * error,
        },
    )
    normal_slope = np.stack([error * inverse, zero, zero, error**2 - one])
    normal_bend = _symmetric(
        4, {(0, 0): -(inverse**2), (0, 3): -2 * error * inverse, (3, 3): -2 * error**2}
    )
    density = special.log_ndtr(inside)
    density += selected * (-(error**2) / 2 - np.log(2 * np.pi) / 2 - eta[3])
    outside = np.stack([zero, -one, zero, zero])
    lean = np.where(selected == 1, lean, outside)
    turn = selected * (ratio * turn + normal_bend)
    return Derivatives(
        density,
        ratio * lean + selected * normal_slope,
        turn + bent * lean[:, None] * lean[None],
    )


def _symmetric(size: int, entries: dict[tuple[int, int], Floats]) -> Floats:
    """(size, size, m) floats with these entries above the diagonal and below."""
    result = np.zeros((size, size, len(next(iter(entries.values())))))
    for (row, column), values in entries.items():
        result[row, column] = result[column, row] = values
    return result


def _solve(sample: Sample, start: Floats | None) -> Solution:
    count = len(sample.y)
    blocks = (
        sample.main,
        sample.blocks["selection"],
        ancillary("atanh_rho", count),
        ancillary("log_sigma", count),
    )
    selected = sample.outcomes["selected"]
    y = np.where(selected == 1, sample.y, 0.0)
    first, notes = (start, ()) if start is not None else _start(sample)
    likelihood = Likelihood(blocks, lambda eta: selection_likelihood(y, selected, eta), first)
    maximum = maximise_with_correlation(
        likelihood,
        sample.weight,
        what=f"The selection model of {sample.wording.outcome}",
        between=f"selection and {sample.wording.outcome}",
        is_explained=start is None,
    )
    return solution_of(
        sample, blocks, maximum, PREDICTIONS, derived=_derived(maximum, blocks), notes=notes
    )


def _start(sample: Sample) -> tuple[Floats, tuple[str, ...]]:
    """The two steps' estimates, and their cautions."""
    firms = selected_of(sample)
    steps = second_step(sample, firms)
    refuse_perfect_fit(firms.alone, steps.residual[firms.selected == 1])
    rho = np.clip(steps.slope / np.sqrt(steps.variance), -LARGEST_START, LARGEST_START)
    ends = [np.arctanh(rho), np.log(steps.variance) / 2]
    notes = exclusion_notes(sample, firms) + mills_notes(steps)
    return np.concatenate([steps.coefficients[:-1], firms.coefficients, ends]), notes


def _derived(maximum: Maximum, blocks: tuple[Block, ...]) -> tuple[Derived, ...]:
    turned, log_sigma = maximum.coefficients[-2:]
    rho, sigma = float(np.tanh(turned)), float(np.exp(log_sigma))
    slope = float(1 / np.cosh(turned) ** 2)
    product = rho * sigma
    return (
        derived_from("rho", rho, {"atanh_rho": slope}, blocks),
        derived_from("sigma", sigma, {"log_sigma": sigma}, blocks),
        derived_from("lambda", product, {"atanh_rho": slope * sigma, "log_sigma": product}, blocks),
    )


def _mean(eta: Floats) -> Curve:
    slope = np.zeros_like(eta)
    slope[0] = 1.0
    return Curve(eta[0], slope, np.zeros((len(eta), *eta.shape)))


def _mean_if_selected(eta: Floats) -> Curve:
    """The mean and rho sigma times the Mills ratio (Greene 2018, theorem 19.5)."""
    ratio, (first, second) = mills(eta[1]), mills_slopes(eta[1])
    rho, sigma = np.tanh(eta[2]), np.exp(eta[3])
    rest = 1 / np.cosh(eta[2]) ** 2
    slope = np.stack(
        [np.ones_like(ratio), rho * sigma * first, rest * sigma * ratio, rho * sigma * ratio]
    )
    bend = _symmetric(
        4,
        {
            (1, 1): rho * sigma * second,
            (1, 2): rest * sigma * first,
            (1, 3): rho * sigma * first,
            (2, 2): -2 * rho * rest * sigma * ratio,
            (2, 3): rest * sigma * ratio,
            (3, 3): rho * sigma * ratio,
        },
    )
    return Curve(eta[0] + rho * sigma * ratio, slope, bend)


PREDICTIONS = {
    "mean": Prediction("mean", "Expected outcome, selected or not", _mean),
    "mean_if_selected": Prediction(
        "mean_if_selected", "Expected outcome if selected", _mean_if_selected
    ),
    "selection": Prediction("selection", "Probability of selection", selection_probability),
}
HECKMAN = Estimator(
    "heckman",
    "Heckman",
    "A number that is seen of selected firms only; maximum likelihood of both equations.",
    _solve,
    LIKELIHOOD,
    roles=ROLES,
    complete=complete,
)
