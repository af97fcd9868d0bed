"""Tobit: a quantity that piles up at a lower limit, an upper limit, or both."""

from functools import partial

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.likelihood.interval_probability import (
    finite,
    log_density,
    normal_interval,
)
from analysis.estimation.likelihood.normal_limits import LATENT_MEAN, Known, solve_normal
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution
from analysis.refusals import Refusal


def _solve(sample: Sample, start: Floats | None) -> Solution:
    lower, upper = _limits(sample)
    y = sample.y
    at_lower, at_upper = y == lower, y == upper
    notes = _checked(sample, lower, upper)
    known = Known(
        lower=np.where(at_lower, -np.inf, y),
        upper=np.where(at_upper, np.inf, y),
        certain=f"that {sample.wording.outcome} is at a limit",
    )
    measures = {}
    if np.isfinite(lower):
        measures["n_at_lower_limit"] = float(at_lower.sum())
    if np.isfinite(upper):
        measures["n_at_upper_limit"] = float(at_upper.sum())
    return solve_normal(
        sample,
        known,
        start,
        what=f"The tobit of {sample.wording.outcome}",
        predictions=_predictions(lower, upper),
        notes=notes,
        measures=measures,
    )


def _predictions(lower: float, upper: float) -> dict[str, Prediction]:
    curves = {
        "expected": ("Expected outcome", expected_outcome),
        "probability_uncensored": ("Probability of an outcome within the limits", within_limits),
        "expected_uncensored": ("Expected outcome of firms within the limits", expected_within),
    }
    limited = {
        name: Prediction(name, title, partial(curve, lower, upper))
        for name, (title, curve) in curves.items()
    }
    return {**limited, LATENT_MEAN.name: LATENT_MEAN}


def expected_outcome(lower: float, upper: float, eta: Floats) -> Curve:
    """E[y], of firms at the limits and between them."""
    sigma = np.exp(eta[1])
    inside, moved = _inside(lower, upper, eta)
    low, high = _ends(lower, upper, eta)
    outside = _limit_part(lower, low) + _limit_part(upper, -high)
    return Curve(
        outside + inside * eta[0] + sigma * moved[0],
        np.array([inside, sigma * moved[0]]),
        np.array([[moved[0] / sigma, moved[1]], [moved[1], sigma * (moved[0] + moved[2])]]),
    )


def within_limits(lower: float, upper: float, eta: Floats) -> Curve:
    """P(lower < y < upper)."""
    sigma = np.exp(eta[1])
    inside, moved = _inside(lower, upper, eta)
    across = (moved[2] - moved[0]) / sigma
    return Curve(
        inside,
        np.array([moved[0] / sigma, moved[1]]),
        np.array([[moved[1] / sigma**2, across], [across, moved[3] - moved[1]]]),
    )


def expected_within(lower: float, upper: float, eta: Floats) -> Curve:
    """E[y | lower < y < upper] = mu + sigma (phi(a) - phi(b)) / P, by the quotient rule.

    All is divided by P in logarithms first, for far from the limits both vanish.
    """
    sigma = np.exp(eta[1])
    _, moved = _inside(lower, upper, eta, is_divided=True)
    lift = sigma * moved[0]
    by_mean, by_scale = moved[0] / sigma, moved[1]
    across = (moved[2] - moved[0]) / sigma
    p_first = np.array([by_mean, by_scale])
    p_second = np.array([[moved[1] / sigma**2, across], [across, moved[3] - moved[1]]])
    n_first = np.array([moved[1], lift + sigma * moved[2]])
    n_across = moved[3] - moved[1]
    n_second = np.array(
        [[(moved[2] - moved[0]) / sigma, n_across], [n_across, lift + sigma * moved[4]]]
    )
    slope = n_first - lift * p_first
    product = n_first[:, None] * p_first
    bend = (
        n_second
        - product
        - product.swapaxes(0, 1)
        - lift * p_second
        + 2 * lift * p_first[:, None] * p_first
    )
    slope[0] += 1
    return Curve(eta[0] + lift, slope, bend)


def _ends(lower: float, upper: float, eta: Floats) -> tuple[Floats, Floats]:
    """The limits, in sigmas from the mean."""
    precision = np.exp(-eta[1])
    return (lower - eta[0]) * precision, (upper - eta[0]) * precision


def _inside(
    lower: float, upper: float, eta: Floats, *, is_divided: bool = False
) -> tuple[Floats, list[Floats]]:
    """P between the limits; and a^j phi(a) - b^j phi(b) for j = 0 to 4, over P if divided."""
    low, high = _ends(lower, upper, eta)
    log = normal_interval(low, high).log
    base = log if is_divided else np.zeros_like(log)
    at_low, at_high = np.exp(log_density(low) - base), np.exp(log_density(high) - base)
    low, high = finite(low), finite(high)
    moved = [low**power * at_low - high**power * at_high for power in range(5)]
    return np.exp(log), moved


def _limit_part(limit: float, end: Floats) -> Floats:
    """The limit times the probability of lying at it."""
    if np.isinf(limit):
        return np.zeros_like(end)
    result: Floats = limit * np.exp(normal_interval(np.full_like(end, -np.inf), end).log)
    return result


def _limits(sample: Sample) -> tuple[float, float]:
    """Raises: Refusal ``no_limit``, ``limits_disordered``."""
    lower = float(sample.numbers.get("lower", -np.inf))
    upper = float(sample.numbers.get("upper", np.inf))
    if np.isinf(lower) and np.isinf(upper):
        raise Refusal(
            "no_limit",
            f"The tobit of {sample.wording.outcome} was given no limit.",
            "Say the lower limit, the upper limit or both; without one use the linear estimator.",
        )
    if not lower < upper:
        raise Refusal(
            "limits_disordered",
            f"The lower limit {lower:g} of {sample.wording.outcome} is not below its upper limit "
            f"{upper:g}.",
            "Give the limits in order.",
        )
    return lower, upper


def _checked(sample: Sample, lower: float, upper: float) -> tuple[str, ...]:
    """Notes on the outcome.

    Raises: Refusal ``outcome_outside_limits``, ``all_censored``.
    """
    y, rows = sample.y, np.flatnonzero(sample.rows)
    outside = (y < lower) | (y > upper)
    if outside.any():
        first = int(np.argmax(outside))
        raise Refusal(
            "outcome_outside_limits",
            f"{sample.wording.outcome} lies outside the limits of the tobit for {outside.sum()} of "
            f"{len(y)} firms; the first is firm {rows[first] + 1} of the data, with {y[first]:g}.",
            "Correct the limits or the data: at a limit a firm has exactly its value.",
        )
    censored = (y == lower) | (y == upper)
    if np.all(censored | (sample.weight == 0)):
        raise Refusal(
            "all_censored",
            f"{sample.wording.outcome} is at a limit for all {len(y)} firms of the model, so "
            "nothing tells how it varies between the limits.",
            "Use a logit or probit of being at the limit.",
        )
    if censored.any():
        return ()
    return (
        f"No firm is at a limit: the tobit of {sample.wording.outcome} is the linear model with "
        "normal errors.",
    )


TOBIT = Estimator(
    "tobit",
    "Tobit",
    "The outcome is a quantity that piles up at a lower limit, an upper limit, or both.",
    solve=_solve,
    covariances=LIKELIHOOD,
    roles=(
        Role("lower", "number", "The limit that no outcome is below.", is_needed=False),
        Role("upper", "number", "The limit that no outcome is above.", is_needed=False),
    ),
)
