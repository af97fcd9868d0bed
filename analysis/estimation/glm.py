"""Generalised linear models: linear, logit, probit, cloglog, fractional responses, Poisson.

The weighted (quasi-)likelihood of each has one summit. Newton steps, halved where they would
not rise, lead there; they stop on the scaled step, never on the likelihood alone. The bread is
the inverse of the expected information, as in R.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from analysis.estimation.ascent import (
    SURE,
    Climb,
    climbed,
    null_height,
    offset_of,
    proves_overlap,
)
from analysis.estimation.coordinates import inverse_information
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LEVERAGED, Estimator
from analysis.estimation.fit_measures import (
    binary_measures,
    fractional_measures,
    likelihood_measures,
    linear_measures,
)
from analysis.estimation.outcomes import (
    refuse_not_binary,
    refuse_not_counts,
    refuse_not_shares,
    refuse_perfect_fit,
    residual_variance,
)
from analysis.estimation.parts import Role
from analysis.estimation.responses import CLOGLOG, LINEAR, LOGIT, POISSON, PROBIT, Response
from analysis.estimation.sample import Sample
from analysis.estimation.separation import (
    refuse_counts_apart,
    refuse_empty_cells,
    refuse_separation,
)
from analysis.estimation.solution import Curve, Prediction, Solution
from analysis.refusals import Refusal

# Of a variance in units of one firm's information: beyond it the firms decide nothing.
UNDECIDED = 1e12
# Of the outcome's spread: what residuals of a perfect fit have left after iterations.
AFTER_ITERATIONS = 1e-8


@dataclass(frozen=True, slots=True)
class _Model:
    """One generalised linear model: its response, what it asks of the outcome, its measures."""

    response: Response
    check: Callable[[Sample], None]
    measures: Callable[[Sample, Climb, float], dict[str, float]]
    is_likelihood: bool = True

    def solve(self, sample: Sample, start: Floats | None) -> Solution:
        """The maximum; from that of the whole sample, where a replicate is refitted, unchecked."""
        if start is not None:
            climb, has_summit = climbed(sample, self.response, start)
            if not has_summit:
                raise _no_convergence(sample)
            if self.response is not LINEAR:
                _refuse_apart(sample, climb)
            return self._solution(sample, climb)
        self.check(sample)
        climb, has_summit = climbed(sample, self.response, None)
        _refuse_no_summit(sample, climb, has_summit=has_summit)
        null = 0.0 if self.response is LINEAR else null_height(sample, self.response)
        return replace(
            self._solution(sample, climb),
            log_likelihood=climb.height if self._has_likelihood else None,
            null_log_likelihood=null if self._has_likelihood else None,
            fit_measures=self.measures(sample, climb, null),
        )

    def near(self, sample: Sample) -> Solution | None:
        """The solution from `sample.near`, or None where it is no proof that one exists."""
        if self.response not in (LOGIT, PROBIT) or not self.is_likelihood:
            return None
        if not np.all((sample.y == 0) | (sample.y == 1)):
            return None
        climb, has_summit = climbed(sample, self.response, sample.near)
        if not has_summit or not proves_overlap(climb):
            return None
        return self._solution(sample, climb)

    def step_from_mean(self, mean: float) -> tuple[float, float]:
        """Linear predictor of a mean outcome, and how steeply the mean rises there."""
        predictor = self.response.predictor(np.array([mean]))
        return float(predictor[0]), float(self.response.slope(predictor)[0])

    def again(self, sample: Sample, start: Floats) -> Floats:
        """(k,) coefficients under the weights of a replicate, and nothing besides."""
        climb = Climb(sample.y, sample.Z, sample.weight, offset_of(sample), self.response)
        with np.errstate(all="ignore"):
            climb.go(start)
            if self.response is LINEAR:
                climb.refine()
                if not len(sample.y) * np.max(np.diag(climb.inverse)) < UNDECIDED:
                    raise _no_convergence(sample)
            elif not climb.climb_again():
                raise _no_convergence(sample)
            else:
                _refuse_apart(sample, climb)
        return climb.coefficients

    @property
    def _has_likelihood(self) -> bool:
        return self.is_likelihood and self.response is not LINEAR

    def _solution(self, sample: Sample, climb: Climb) -> Solution:
        response, bread = self.response, climb.inverse
        if not response.is_scored_as_observed:
            curvature = sample.weight * response.curvature(climb.predictor)
            bread = inverse_information(sample.Z, curvature)
        is_linear = response is LINEAR
        return Solution(
            coefficients=climb.coefficients,
            scores=sample.Z * climb.residual[:, None],
            bread=bread,
            blocks=(sample.main,),
            predictions=predictions(response),
            dispersion=residual_variance(sample, climb.residual) if is_linear else 1.0,
            is_likelihood=self.is_likelihood,
            leverage=partial(_leverage, sample, climb, bread),
            residual_df=float(len(sample.y) - sample.Z.shape[1]) if is_linear else None,
        )


def _refuse_no_summit(sample: Sample, climb: Climb, *, has_summit: bool) -> None:
    """Refuse where no finite maximum exists, however the iterations ended."""
    response = climb.response
    if response in (LOGIT, PROBIT, CLOGLOG) and not (has_summit and proves_overlap(climb)):
        refuse_separation(sample)
    if response is POISSON:
        refuse_counts_apart(sample)
    if not has_summit:
        raise _no_convergence(sample)


def _refuse_apart(sample: Sample, climb: Climb) -> None:
    """Refuse a replicate that leaves firms of one outcome alone with a term.

    Its steps shrink beside standard errors that grow, and look like convergence; but then some
    firm is predicted all but surely.
    """
    kept = sample.weight > 0
    residual = climb.response.score(sample.y, climb.predictor)
    if np.min(np.abs(residual[kept])) >= SURE:
        return
    main = replace(sample.main, X=sample.X[kept], Z=sample.Z[kept])
    left = replace(sample, y=sample.y[kept], main=main, weight=sample.weight[kept])
    if climb.response is POISSON:
        refuse_counts_apart(left)
    else:
        refuse_separation(left)


def _no_convergence(sample: Sample) -> Refusal:
    return Refusal(
        "no_convergence",
        f"The {sample.estimator.replace('_', ' ')} of {sample.wording.outcome} did not converge: "
        "some estimates grow almost without bound.",
        "Look for terms that nearly determine the outcome, or that are nearly the same.",
    )


def _leverage(sample: Sample, climb: Climb, bread: Floats) -> Floats:
    """(m,) diagonal of the hat matrix of the last reweighted least squares."""
    curvature = sample.weight * climb.response.curvature(climb.predictor)
    result: Floats = curvature * np.einsum("ij,ij->i", sample.Z @ bread, sample.Z)
    return result


def predictions(response: Response) -> dict[str, Prediction]:
    """The expected outcome, and the linear predictor."""

    def mean(eta: Floats) -> Curve:
        return Curve(
            response.mean(eta[0]), response.slope(eta[0])[None], response.bend(eta[0])[None, None]
        )

    return {
        "mean": Prediction("mean", "Expected outcome", mean),
        "linear_predictor": Prediction("linear_predictor", "Linear predictor", _index),
    }


def _index(eta: Floats) -> Curve:
    return Curve(eta[0], np.ones_like(eta), np.zeros((1, *eta.shape)))


def _check_linear(_: Sample) -> None:
    """Any number will do."""


def _check_binary(sample: Sample) -> None:
    refuse_not_binary(sample)
    refuse_empty_cells(sample)


def _check_fractional(sample: Sample) -> None:
    refuse_not_shares(sample)
    refuse_empty_cells(sample)


def _linear(sample: Sample, climb: Climb, _: float) -> dict[str, float]:
    refuse_perfect_fit(sample, climb.residual)
    return linear_measures(sample, climb.residual)


def _binary(sample: Sample, climb: Climb, null: float) -> dict[str, float]:
    threshold = float(climb.response.predictor(np.array([0.5]))[0])
    return binary_measures(sample, climb.predictor, threshold, climb.height, null)


def _fractional(sample: Sample, climb: Climb, _: float) -> dict[str, float]:
    refuse_perfect_fit(sample, sample.y - climb.response.mean(climb.predictor), AFTER_ITERATIONS)
    return fractional_measures(sample, climb.response.mean(climb.predictor))


def _counts(sample: Sample, climb: Climb, null: float) -> dict[str, float]:
    refuse_perfect_fit(sample, sample.y - climb.response.mean(climb.predictor), AFTER_ITERATIONS)
    return likelihood_measures(sample, climb.height, null, sample.Z.shape[1])


_EXPOSURE = Role("exposure", "outcome", "what the count is relative to", is_needed=False)


def _estimator(name: str, title: str, about: str, model: _Model, *, exposure: bool) -> Estimator:
    covariances = LEVERAGED if model.is_likelihood else LEVERAGED - {"model"}
    roles = (_EXPOSURE,) if exposure else ()
    return Estimator(
        name,
        title,
        about,
        model.solve,
        covariances,
        roles,
        again=model.again,
        near=model.near,
        step_from_mean=model.step_from_mean,
    )


GENERALISED_LINEAR = tuple(
    _estimator(name, title, about, model, exposure=name == "poisson")
    for name, title, about, model in (
        (
            "linear",
            "Linear",
            "A number. Least squares.",
            _Model(LINEAR, _check_linear, _linear),
        ),
        ("logit", "Logit", "Yes or no.", _Model(LOGIT, _check_binary, _binary)),
        ("probit", "Probit", "Yes or no.", _Model(PROBIT, _check_binary, _binary)),
        (
            "cloglog",
            "Complementary log-log",
            "Yes or no; asymmetric, as when an event can happen at any moment of the period.",
            _Model(CLOGLOG, _check_binary, _binary),
        ),
        (
            "fractional_logit",
            "Fractional logit",
            "A share from 0 to 1, both ends included.",
            _Model(LOGIT, _check_fractional, _fractional, is_likelihood=False),
        ),
        (
            "fractional_probit",
            "Fractional probit",
            "A share from 0 to 1, both ends included.",
            _Model(PROBIT, _check_fractional, _fractional, is_likelihood=False),
        ),
        (
            "poisson",
            "Poisson",
            "A count: a whole number from 0.",
            _Model(POISSON, refuse_not_counts, _counts),
        ),
    )
)
(
    LINEAR_MODEL,
    LOGIT_MODEL,
    PROBIT_MODEL,
    CLOGLOG_MODEL,
    FRACTIONAL_LOGIT_MODEL,
    FRACTIONAL_PROBIT_MODEL,
    POISSON_MODEL,
) = GENERALISED_LINEAR
