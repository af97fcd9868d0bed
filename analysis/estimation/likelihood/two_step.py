"""Heckman's two steps: a probit of selection, then least squares with the inverse Mills ratio.

The estimating equations of both steps are stacked, so that the first step's uncertainty is in
every covariance; what least squares alone would say of its standard errors is never shown.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import TWO_STEPS, Estimator
from analysis.estimation.likelihood.mills import mills, mills_slopes
from analysis.estimation.likelihood.selected import (
    ROLES,
    Selected,
    complete,
    exclusion_notes,
    selected_of,
    selection_probability,
)
from analysis.estimation.likelihood.solved import derived_from
from analysis.estimation.outcomes import refuse_perfect_fit
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Derived, Prediction, Solution
from analysis.refusals import Refusal

# Of a standardised Mills ratio, what its regression on the other terms must leave.
INDEPENDENT = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What the two steps gave.

    Attributes
    ----------
    coefficients : (k + 1,) of the outcome's terms and of the Mills ratio
    ratio : (m,) inverse Mills ratio at the selection's linear predictor
    residual : (m,) of the outcome among the selected, else 0
    variance : sigma squared
    shared : R squared of the Mills ratio on the outcome's terms
    """

    coefficients: Floats
    ratio: Floats
    residual: Floats
    variance: float
    shared: float

    @property
    def slope(self) -> float:
        """Coefficient of the Mills ratio, rho times sigma."""
        return float(self.coefficients[-1])


def second_step(sample: Sample, firms: Selected) -> Steps:
    """Least squares among the selected (Heckman 1979), given the first step.

    sigma squared is the mean of squared residuals and of what selection takes from them
    (Greene 2018, section 19.4.3).
    """
    weight = sample.weight * firms.selected
    ratio = mills(firms.predictor)
    shared = _shared(sample, weight, ratio)
    columns = np.column_stack([sample.Z, ratio])
    root = np.sqrt(weight)[:, None]
    # A start for maximum likelihood is wanted of any sample: without a check of rank.
    coefficients = np.linalg.lstsq(root * columns, root[:, 0] * firms.y, rcond=None)[0]
    residual = firms.selected * (firms.y - columns @ coefficients)
    taken = coefficients[-1] ** 2 * ratio * (ratio + firms.predictor)
    variance = float(weight @ (residual**2 + taken) / weight.sum())
    return Steps(coefficients, ratio, residual, variance, shared)


def mills_notes(steps: Steps) -> tuple[str, ...]:
    """How far the Mills ratio follows from the outcome's own terms."""
    factor = 1 / max(1 - steps.shared, np.finfo(float).eps)
    return (
        f"The inverse Mills ratio shares {steps.shared:.1%} of its variation with the outcome's "
        f"terms (R squared; variance inflation {factor:.1f}): the nearer to 100%, the more rests "
        "on its curvature alone.",
    )


def _shared(sample: Sample, weight: Floats, ratio: Floats) -> float:
    root = np.sqrt(weight)[:, None]
    fitted = sample.Z @ np.linalg.lstsq(root * sample.Z, root[:, 0] * ratio, rcond=None)[0]
    centred = ratio - weight @ ratio / weight.sum()
    variation = weight @ centred**2
    if variation <= np.finfo(float).tiny:
        return 1.0
    return float(1 - weight @ (ratio - fitted) ** 2 / variation)


def _solve(sample: Sample, start: Floats | None) -> Solution:
    k = sample.main.width
    last = k + sample.blocks["selection"].width
    firms = selected_of(sample, None if start is None else start[k:last])
    steps = second_step(sample, firms)
    if start is None:
        _refuse_no_ratio(sample, steps)
        refuse_perfect_fit(firms.alone, steps.residual[firms.selected > 0])
    blocks = (
        sample.main,
        sample.blocks["selection"],
        ancillary("lambda", len(sample.y)),
        ancillary("log_sigma", len(sample.y)),
    )
    log_sigma = np.log(steps.variance) / 2
    scores, derivative = _stacked(sample, firms, steps)
    return Solution(
        coefficients=np.concatenate(
            [steps.coefficients[:-1], firms.coefficients, [steps.slope, log_sigma]]
        ),
        scores=scores,
        bread=scipy.linalg.inv(derivative),
        blocks=blocks,
        predictions=PREDICTIONS,
        derived=_derived(steps, blocks),
        is_likelihood=False,
        fit_measures={"mills_r_squared": steps.shared},
        notes=() if start is not None else _notes(sample, firms, steps),
    )


def _stacked(sample: Sample, firms: Selected, steps: Steps) -> tuple[Floats, Floats]:
    """Estimating functions, (m, k), and minus the derivative of their weighted sum, (k, k).

    Parameters: the outcome's terms, the selection's, the coefficient of the Mills ratio, and
    log sigma.
    """
    s, r, ratio, slope = firms.selected, steps.residual, steps.ratio, steps.slope
    X, Z, w = sample.Z, sample.blocks["selection"].Z, sample.weight * firms.selected
    first, second = mills_slopes(firms.predictor)
    taken, k, j = -first, X.shape[1], X.shape[1] + Z.shape[1]
    spread = s * (r**2 + slope**2 * taken - steps.variance)
    scores = np.column_stack(
        [X * r[:, None], Z * firms.score[:, None], ratio * r, spread / (2 * steps.variance)]
    )
    minus = np.zeros((j + 2, j + 2))
    minus[:k, :k] = X.T @ (w[:, None] * X)
    minus[:k, k:j] = X.T @ ((w * slope * first)[:, None] * Z)
    minus[:k, j] = minus[j, :k] = X.T @ (w * ratio)
    minus[k:j, k:j] = Z.T @ ((sample.weight * firms.curvature)[:, None] * Z)
    minus[j, k:j] = (w * (slope * ratio - r) * first) @ Z
    minus[j, j] = w @ ratio**2
    minus[j + 1, :k] = (w * r) @ X / steps.variance
    minus[j + 1, k:j] = (w * (2 * r * slope * first + slope**2 * second)) @ Z / (2 * steps.variance)
    minus[j + 1, j] = w @ (r * ratio - slope * taken) / steps.variance
    minus[j + 1, j + 1] = w.sum()
    return scores, minus


def _derived(steps: Steps, blocks: tuple[Block, ...]) -> tuple[Derived, ...]:
    sigma = float(np.sqrt(steps.variance))
    rho = steps.slope / sigma
    return (
        derived_from("rho", rho, {"lambda": 1 / sigma, "log_sigma": -rho}, blocks),
        derived_from("sigma", sigma, {"log_sigma": sigma}, blocks),
    )


def _refuse_no_ratio(sample: Sample, steps: Steps) -> None:
    if steps.shared < 1 - INDEPENDENT:
        return
    raise Refusal(
        "mills_ratio_dependent",
        "The inverse Mills ratio of the selection follows exactly from the terms of "
        f"{sample.wording.outcome}: its effect cannot be told from theirs.",
        "Add to the selection a term that the outcome does not have.",
    )


def _notes(sample: Sample, firms: Selected, steps: Steps) -> tuple[str, ...]:
    notes = exclusion_notes(sample, firms) + mills_notes(steps)
    rho = steps.slope / np.sqrt(steps.variance)
    if abs(rho) > 1:
        notes += (
            f"Rho is {rho:.3f}, outside -1 to 1, as the two steps allow: the model does not suit "
            "the data, or they are too few.",
        )
    return notes


def _mean(eta: Floats) -> Curve:
    slope = np.zeros_like(eta)
    slope[0] = 1.0
    return Curve(eta[0], slope, np.zeros((len(eta), *eta.shape)))


def _mean_if_selected(eta: Floats) -> Curve:
    """The mean and lambda times the Mills ratio."""
    ratio = mills(eta[1])
    first, second = mills_slopes(eta[1])
    slope, bend = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    slope[0], slope[1], slope[2] = 1.0, eta[2] * first, ratio
    bend[1, 1] = eta[2] * second
    bend[1, 2] = bend[2, 1] = first
    return Curve(eta[0] + eta[2] * ratio, slope, bend)


PREDICTIONS = {
    "mean": Prediction("mean", "Expected outcome, selected or not", _mean),
    "mean_if_selected": Prediction(
        "mean_if_selected", "Expected outcome if selected", _mean_if_selected
    ),
    "selection": Prediction("selection", "Probability of selection", selection_probability),
}
HECKMAN_TWO_STEP = Estimator(
    "heckman_two_step",
    "Heckman, two steps",
    "A number that is seen of selected firms only: a probit, then least squares with the inverse "
    "Mills ratio.",
    _solve,
    TWO_STEPS,
    roles=ROLES,
    complete=complete,
)
