"""Firth's penalised logit: finite estimates where outcomes are separated or events are few.

The log-likelihood is raised by half the log-determinant of the information (Jeffreys' prior),
which takes away the bias of first order (Firth 1993; Heinze and Schemper 2002). Weights enter as
prior weights of mean one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.linalg
from scipy import optimize, special, stats

from analysis.estimation.coordinates import inverse_information, weighted_moments
from analysis.estimation.covariance import Fitted
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.glm import LOGIT_MODEL, predictions
from analysis.estimation.outcomes import refuse_not_binary
from analysis.estimation.responses import LOGIT
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Largest step, in standard errors, at which the iterations, which end in geometric progress, stop.
SCALED_STEP = 1e-12
STEPS = 500
HALVINGS = 40
LEVEL = 1e-13
# Standard errors from the estimate within which an end of a profile interval is looked for.
FARTHEST = 1_000.0


@dataclass(slots=True)
class _Ascent:
    """Where an ascent of the penalised log-likelihood stands."""

    sample: Sample
    coefficients: Floats
    height: float = field(init=False)
    modified: Floats = field(init=False)
    bread: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.stand(self.coefficients)

    def stand(self, coefficients: Floats) -> float:
        """Go there; the height reached: log-likelihood and half the log-determinant."""
        Z, y, weight = self.sample.Z, self.sample.y, self.sample.weight
        predictor = Z @ coefficients
        curvature = LOGIT.curvature(predictor)
        self.coefficients = coefficients
        self.height = -np.inf
        sign, determinant = np.linalg.slogdet(weighted_moments(Z, weight * curvature))
        if sign <= 0 or not np.isfinite(determinant):
            return self.height
        self.height = float(weight @ LOGIT.log_density(y, predictor) + determinant / 2)
        self.bread = inverse_information(Z, weight * curvature)
        # Leverage over weight, which stays finite where a replicate's weight is zero.
        pull = curvature * np.einsum("ij,ij->i", Z @ self.bread, Z)
        self.modified = LOGIT.score(y, predictor) + pull * (0.5 - special.expit(predictor))
        return self.height

    @property
    def gradient(self) -> Floats:
        result: Floats = self.sample.Z.T @ (self.sample.weight * self.modified)
        return result

    def climb(self, free: Floats) -> bool:
        """Scoring steps within the columns of `free`, (k, f), halved until the height rises."""
        for _ in range(STEPS):
            information = scipy.linalg.inv(self.bread)
            inverse = scipy.linalg.inv(free.T @ information @ free)
            shift = inverse @ (free.T @ self.gradient)
            if not np.isfinite(shift).all():
                return False
            scaled = float(np.max(np.abs(shift) / np.sqrt(np.diag(inverse)), initial=0.0))
            if scaled < SCALED_STEP:
                return True
            if not self._risen(free @ shift):
                return bool(scaled < np.sqrt(SCALED_STEP))
        return False

    def _risen(self, step: Floats) -> bool:
        here, height = self.coefficients, self.height
        for _ in range(HALVINGS):
            if self.stand(here + step) >= height - LEVEL * abs(height):
                return True
            step = step / 2
        self.stand(here)
        return False


class _SeparatedSolution(Solution):
    """The solution of separated data: its scores say nothing of its spread, so none are given.

    Where firms that are alike all have one outcome their modified scores are equal and sum to
    zero, so each is zero, and with them every robust variance.
    """

    __slots__ = ()

    @property
    def scores(self) -> Floats:
        raise Refusal(
            "separation",
            "Some terms predict the outcome without error. Firth's estimates exist, but robust, "
            "clustered and design-based standard errors would be far too small: where all firms "
            "have one outcome there is no spread to see.",
            "Choose model-based standard errors, without weights, and profile intervals.",
        )

    @scores.setter
    def scores(self, _: Floats) -> None:
        """Nothing is kept."""


def _solve(sample: Sample, start: Floats | None) -> Solution:
    if start is None:
        refuse_not_binary(sample)
    separation = _separation(sample)
    if separation is not None and (sample.is_weighted or start is not None):
        raise Refusal(
            "separation",
            f"{separation.message} Firth's penalised logit of separated data has no honest "
            "standard errors under sampling weights.",
            "Leave the weights out (design: weights: none), join the category with another, or "
            "leave the term out.",
        )
    ascent = _Ascent(sample, np.zeros(sample.main.width) if start is None else start)
    if not ascent.climb(np.eye(sample.main.width)):
        raise _no_convergence(sample)
    kind = Solution if separation is None else _SeparatedSolution
    return kind(
        coefficients=ascent.coefficients,
        scores=sample.Z * ascent.modified[:, None],
        bread=ascent.bread,
        blocks=(sample.main,),
        predictions=predictions(LOGIT),
        fit_measures={} if start is not None else _measures(sample, ascent),
        notes=_notes(separation),
    )


def _separation(sample: Sample) -> Refusal | None:
    """Why the plain logit of these firms, whatever their weights, has no estimate."""
    even = replace(sample, weight=np.ones(len(sample.y)), estimator="logit")
    try:
        LOGIT_MODEL.solve(even, None)
    except Refusal as refusal:
        return refusal
    return None


def _no_convergence(sample: Sample) -> Refusal:
    return Refusal(
        "no_convergence",
        f"Firth's penalised logit of {sample.wording.outcome} did not converge.",
        "Look for terms that are nearly the same.",
    )


def _measures(sample: Sample, ascent: _Ascent) -> dict[str, float]:
    """The penalised log-likelihood, in the units of the reported terms."""
    turned = np.linalg.slogdet(sample.back)[1]
    name = "weighted_penalised_log_likelihood" if sample.is_weighted else "penalised_log_likelihood"
    return {name: ascent.height - float(turned)}


def _notes(separation: Refusal | None) -> tuple[str, ...]:
    if separation is None:
        return ()
    return (
        f"Without a penalty: {separation.message} Firth's estimates are finite; read profile "
        "intervals.",
    )


@dataclass(frozen=True, slots=True)
class ProfileInterval:
    """A coefficient with its penalised-likelihood interval and ratio test (chi-square, 1 df)."""

    term: str
    estimate: float
    lower: float
    upper: float
    statistic: float
    p_value: float


def profile_intervals(fitted: Fitted, level: float = 0.95) -> tuple[ProfileInterval, ...]:
    """For each coefficient, the values that the penalised likelihood ratio does not reject.

    The other coefficients are fitted anew at each value, with the penalty of the whole model
    (Heinze and Schemper 2002, section 2.3).

    Raises: Refusal ``profile_with_weights``, ``profile_unbounded``.
    """
    if fitted.sample.is_weighted:
        raise Refusal(
            "profile_with_weights",
            "Under sampling weights there is a pseudo-likelihood only, and its ratio is no test.",
            "Choose design-based standard errors, or leave the weights out.",
        )
    solution = fitted.solution
    return tuple(
        _profiled(fitted.sample, solution, position, level)
        for position in range(len(solution.terms))
    )


def _profiled(sample: Sample, solution: Solution, position: int, level: float) -> ProfileInterval:
    row = solution.report[position]
    estimate = float(row @ solution.coefficients)
    width = float(np.sqrt(row @ solution.bread @ row))
    top = _Ascent(sample, solution.coefficients).height
    along = solution.bread @ row / width
    free = scipy.linalg.null_space(row[None, :] / np.linalg.norm(row))

    def fall(distance: float) -> float:
        """Twice what the likelihood loses at so many standard errors from the estimate."""
        ascent = _Ascent(sample, solution.coefficients + distance * along)
        if not ascent.climb(free):
            raise _no_convergence(sample)
        return 2 * (top - ascent.height)

    critical = float(stats.chi2.ppf(level, 1))
    ends = [_crossing(fall, side, critical, solution.terms[position]) for side in (-1.0, 1.0)]
    statistic = fall(-estimate / width)
    return ProfileInterval(
        term=solution.terms[position],
        estimate=estimate,
        lower=estimate + width * ends[0],
        upper=estimate + width * ends[1],
        statistic=statistic,
        p_value=float(stats.chi2.sf(statistic, 1)),
    )


def _crossing(fall: Callable[[float], float], side: float, critical: float, term: str) -> float:
    far = 2.0
    while fall(side * far) < critical:
        far *= 1.5
        if far > FARTHEST:
            raise Refusal(
                "profile_unbounded",
                f"The penalised likelihood of {term!r} does not fall enough on one side for an "
                "interval to end.",
                "Take a lower level, or leave the term out.",
            )
    return float(
        optimize.brentq(lambda at: fall(at) - critical, 0.0, side * far, xtol=1e-13, rtol=1e-13)
    )


FIRTH_LOGIT = Estimator(
    "firth_logit",
    "Firth's penalised logit",
    "Yes or no, separated by the terms or with few events.",
    _solve,
    LIKELIHOOD,
)
