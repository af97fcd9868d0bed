"""How the probability of a 1 depends on the linear predictor: logistic and normal."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import special, stats

from analysis.estimation.estimates import Floats


@dataclass(frozen=True, slots=True)
class Response:
    """How the probability of a 1 depends on the linear predictor; all of (m,) floats.

    Attributes
    ----------
    probability, slope, bend : the probability and its first two derivatives
    log_probability : its logarithm, exact where the probability is near 0
    score : derivative of the log-likelihood, of outcomes and linear predictor
    curvature : expected second derivative of the log-likelihood, sign changed
    observed : the same as observed, of outcomes and linear predictor
    link : statsmodels' link class
    """

    probability: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    bend: Callable[[Floats], Floats]
    log_probability: Callable[[Floats], Floats]
    score: Callable[[Floats, Floats], Floats]
    curvature: Callable[[Floats], Floats]
    observed: Callable[[Floats, Floats], Floats]
    link: type


def _logit_slope(predictor: Floats) -> Floats:
    result: Floats = special.expit(predictor) * special.expit(-predictor)
    return result


def _logit_bend(predictor: Floats) -> Floats:
    result: Floats = -_logit_slope(predictor) * np.tanh(predictor / 2)
    return result


def _logit_score(y: Floats, predictor: Floats) -> Floats:
    sign = 2 * y - 1
    result: Floats = sign * special.expit(-sign * predictor)
    return result


def _probit_score(y: Floats, predictor: Floats) -> Floats:
    sign = 2 * y - 1
    # In logarithms, for density and probability both underflow in the tail.
    result: Floats = sign * np.exp(
        stats.norm.logpdf(predictor) - special.log_ndtr(sign * predictor)
    )
    return result


def _probit_curvature(predictor: Floats) -> Floats:
    result: Floats = np.exp(
        2 * stats.norm.logpdf(predictor)
        - special.log_ndtr(predictor)
        - special.log_ndtr(-predictor)
    )
    return result


def _probit_observed(y: Floats, predictor: Floats) -> Floats:
    score = _probit_score(y, predictor)
    # Positive by theory; in the far tail rounding may say otherwise.
    result: Floats = np.maximum(score * (score + predictor), np.finfo(float).tiny)
    return result


LOGIT = Response(
    probability=special.expit,
    slope=_logit_slope,
    bend=_logit_bend,
    log_probability=special.log_expit,
    score=_logit_score,
    curvature=_logit_slope,
    observed=lambda _, predictor: _logit_slope(predictor),
    link=sm.families.links.Logit,
)
PROBIT = Response(
    probability=special.ndtr,
    slope=stats.norm.pdf,
    bend=lambda predictor: -predictor * stats.norm.pdf(predictor),
    log_probability=special.log_ndtr,
    score=_probit_score,
    curvature=_probit_curvature,
    observed=_probit_observed,
    link=sm.families.links.Probit,
)
RESPONSES = {"logit": LOGIT, "probit": PROBIT}
