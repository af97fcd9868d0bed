"""How the expected outcome depends on one linear predictor: the generalised linear models."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimation.estimates import Floats

Of = Callable[[Floats], Floats]
OfBoth = Callable[[Floats, Floats], Floats]
_ROOT_TWO_PI = np.sqrt(2 * np.pi)
# Beyond it the exponential has no double.
_HIGHEST = 700.0


@dataclass(frozen=True, slots=True)
class Response:
    """One response; all of (m,) floats.

    Attributes
    ----------
    mean, slope, bend : of the linear predictor: the expected outcome, its two derivatives
    score : of outcome and predictor, derivative of the log-(quasi-)likelihood
    curvature : of the predictor, expected second derivative of it, sign changed
    observed : of outcome and predictor, second derivative as observed, sign changed
    log_density : of outcome and predictor, with no constants left out
    predictor : of the mean, the link
    is_scored_as_observed : True if expected and observed curvature are the same
    bends_gently : True if the curvature's derivative is at most the curvature
    together : score and observed curvature at once, where that is cheaper
    """

    mean: Of
    slope: Of
    bend: Of
    score: OfBoth
    curvature: Of
    observed: OfBoth
    log_density: OfBoth
    predictor: Of
    is_scored_as_observed: bool = False
    bends_gently: bool = False
    together: Callable[[Floats, Floats], tuple[Floats, Floats]] | None = None

    def score_and_observed(self, y: Floats, predictor: Floats) -> tuple[Floats, Floats]:
        """Both at once, where they share most of the work."""
        if self.together is not None:
            return self.together(y, predictor)
        return self.score(y, predictor), self.observed(y, predictor)


def _logit_slope(predictor: Floats) -> Floats:
    result: Floats = special.expit(predictor) * special.expit(-predictor)
    return result


def _logit_bend(predictor: Floats) -> Floats:
    result: Floats = -_logit_slope(predictor) * np.tanh(predictor / 2)
    return result


def _logit_score(y: Floats, predictor: Floats) -> Floats:
    result: Floats = y - special.expit(predictor)
    return result


def _logit_together(y: Floats, predictor: Floats) -> tuple[Floats, Floats]:
    above, below = special.expit(predictor), special.expit(-predictor)
    return y - above, above * below


def _logit_log_density(y: Floats, predictor: Floats) -> Floats:
    result: Floats = special.log_expit(-predictor) + y * predictor
    return result


def _normal(predictor: Floats) -> Floats:
    result: Floats = np.exp(-(predictor**2) / 2) / _ROOT_TWO_PI
    return result


def _mills(predictor: Floats) -> Floats:
    """Density over probability, exact where both vanish."""
    log_density = -(predictor**2) / 2 - np.log(_ROOT_TWO_PI)
    result: Floats = np.exp(log_density - special.log_ndtr(predictor))
    return result


def _probit_score(y: Floats, predictor: Floats) -> Floats:
    return y * _mills(predictor) - (1 - y) * _mills(-predictor)


def _probit_curvature(predictor: Floats) -> Floats:
    return _mills(predictor) * _mills(-predictor)


def _probit_observed(y: Floats, predictor: Floats) -> Floats:
    above, below = _mills(predictor), _mills(-predictor)
    result: Floats = y * above * (above + predictor) + (1 - y) * below * (below - predictor)
    # Positive by theory; in the far tail rounding may say otherwise.
    return np.maximum(result, np.finfo(float).tiny)


def _probit_log_density(y: Floats, predictor: Floats) -> Floats:
    result: Floats = y * special.log_ndtr(predictor) + (1 - y) * special.log_ndtr(-predictor)
    return result


def _hazard(predictor: Floats) -> Floats:
    result: Floats = np.exp(np.minimum(predictor, _HIGHEST))
    return result


def _hazard_ratio(predictor: Floats) -> Floats:
    """Of the hazard u, u / (exp(u) - 1): one where it is small, zero where it is large."""
    hazard = _hazard(predictor)
    with np.errstate(over="ignore"):
        ratio = hazard / np.expm1(np.maximum(hazard, np.finfo(float).tiny))
    result: Floats = np.where(hazard < np.finfo(float).tiny, 1.0, ratio)
    return result


def _cloglog_slope(predictor: Floats) -> Floats:
    hazard = _hazard(predictor)
    return hazard * np.exp(-hazard)


def _cloglog_bend(predictor: Floats) -> Floats:
    return _cloglog_slope(predictor) * (1 - _hazard(predictor))


def _cloglog_score(y: Floats, predictor: Floats) -> Floats:
    return y * _hazard_ratio(predictor) - (1 - y) * _hazard(predictor)


def _cloglog_observed(y: Floats, predictor: Floats) -> Floats:
    hazard, ratio = _hazard(predictor), _hazard_ratio(predictor)
    result: Floats = y * ratio * (hazard + ratio - 1) + (1 - y) * hazard
    return np.maximum(result, np.finfo(float).tiny)


def _cloglog_log_density(y: Floats, predictor: Floats) -> Floats:
    hazard = _hazard(predictor)
    # Of a hazard below the smallest double the probability is the hazard itself.
    surely = np.log(-np.expm1(-np.maximum(hazard, np.finfo(float).tiny)))
    log_p = np.where(predictor < -_HIGHEST, predictor, surely)
    result: Floats = special.xlogy(y, 1.0) + y * log_p - (1 - y) * hazard
    return result


def _poisson_log_density(y: Floats, predictor: Floats) -> Floats:
    result: Floats = y * predictor - _hazard(predictor) - special.gammaln(y + 1)
    return result


LINEAR = Response(
    mean=lambda predictor: predictor,
    slope=np.ones_like,
    bend=np.zeros_like,
    score=lambda y, predictor: y - predictor,
    curvature=np.ones_like,
    observed=lambda _, predictor: np.ones_like(predictor),
    log_density=lambda y, predictor: -((y - predictor) ** 2) / 2,
    predictor=lambda mean: mean,
    is_scored_as_observed=True,
)
LOGIT = Response(
    mean=special.expit,
    slope=_logit_slope,
    bend=_logit_bend,
    score=_logit_score,
    curvature=_logit_slope,
    observed=lambda _, predictor: _logit_slope(predictor),
    log_density=_logit_log_density,
    predictor=special.logit,
    is_scored_as_observed=True,
    bends_gently=True,
    together=_logit_together,
)
PROBIT = Response(
    mean=special.ndtr,
    slope=_normal,
    bend=lambda predictor: -predictor * _normal(predictor),
    score=_probit_score,
    curvature=_probit_curvature,
    observed=_probit_observed,
    log_density=_probit_log_density,
    predictor=special.ndtri,
)
CLOGLOG = Response(
    mean=lambda predictor: -np.expm1(-_hazard(predictor)),
    slope=_cloglog_slope,
    bend=_cloglog_bend,
    score=_cloglog_score,
    curvature=lambda predictor: _hazard(predictor) * _hazard_ratio(predictor),
    observed=_cloglog_observed,
    log_density=_cloglog_log_density,
    predictor=lambda mean: np.log(-np.log1p(-mean)),
)
POISSON = Response(
    mean=_hazard,
    slope=_hazard,
    bend=_hazard,
    score=lambda y, predictor: y - _hazard(predictor),
    curvature=_hazard,
    observed=lambda _, predictor: _hazard(predictor),
    log_density=_poisson_log_density,
    predictor=np.log,
    is_scored_as_observed=True,
    bends_gently=True,
)
