"""Likelihoods with a correlation, which may rise to its bounds."""

from dataclasses import replace

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum, maximise
from analysis.estimation.likelihood.solved import position_of
from analysis.refusals import Refusal

ROLE = "atanh_rho"
# Beyond it rho differs from one by less than 2e-5: no estimate, but a bound that was reached.
LARGEST = 6.0
# Where it is seen whether the likelihood still rises towards the bound.
TOWARDS = (1.0, 2.0, 4.0)


def maximise_with_correlation(
    likelihood: Likelihood, weight: Floats, *, what: str, between: str, is_explained: bool
) -> Maximum:
    """The summit, unless it lies at a correlation of -1 or 1.

    `between` names what is correlated; without `is_explained`, as in replicates, a failure is
    not looked into.

    Raises: Refusal ``correlation_at_bound`` or ``no_convergence``.
    """
    place = position_of(likelihood.blocks, ROLE)
    try:
        maximum = maximise(likelihood, weight, what=what)
    except Refusal:
        sign = _bound(likelihood, weight, place) if is_explained else 0
        if sign:
            raise _refusal(sign, between) from None
        raise
    if abs(maximum.coefficients[place]) > LARGEST:
        raise _refusal(int(np.sign(maximum.coefficients[place])), between)
    return maximum


def _bound(likelihood: Likelihood, weight: Floats, place: int) -> int:
    """-1 or 1 if the likelihood, at its best for each correlation, rises up to there."""
    for sign in (-1, 1):
        heights = [_height(likelihood, weight, place, sign * turned) for turned in TOWARDS]
        if np.all(np.diff(heights) > 0):
            return sign
    return 0


def _height(likelihood: Likelihood, weight: Floats, place: int, turned: float) -> float:
    """The largest log-likelihood with the correlation held."""
    row = [each.role for each in likelihood.blocks].index(ROLE)

    def held(eta: Floats) -> Derivatives:
        whole = likelihood.derivatives(np.insert(eta, row, turned, axis=0))
        return Derivatives(
            whole.log_density,
            np.delete(whole.gradient, row, axis=0),
            np.delete(np.delete(whole.hessian, row, axis=0), row, axis=1),
        )

    others = tuple(each for each in likelihood.blocks if each.role != ROLE)
    start = np.delete(likelihood.start, place)
    part = replace(likelihood, blocks=others, derivatives=held, start=start)
    try:
        return maximise(part, weight, what="").log_likelihood
    except Refusal:
        return np.nan


def _refusal(sign: int, between: str) -> Refusal:
    return Refusal(
        "correlation_at_bound",
        f"The correlation between {between} goes to {sign}, its bound, where no standard errors "
        "exist.",
        "Leave out terms that nearly determine an outcome, look for outcomes of which one implies "
        "the other, or use simpler models of each alone (for selection, the two steps).",
    )
