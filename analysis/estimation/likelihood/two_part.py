"""Hurdle and zero-inflated counts: none at all is another matter than how many."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.blocks import Block, ancillary, copied
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.glm import LOGIT_MODEL, POISSON_MODEL
from analysis.estimation.likelihood.count_densities import (
    Density,
    Family,
    negative_binomial,
    poisson,
    truncated,
)
from analysis.estimation.likelihood.counts import (
    alpha_of,
    first_log_alpha,
    refuse_no_overdispersion,
)
from analysis.estimation.likelihood.engine import Likelihood, Maximum, maximise
from analysis.estimation.likelihood.solved import (
    dependent_terms,
    flat_terms,
    intercepts_alone,
    only,
    refuse_dependent_among,
    solution_of,
    with_outcome,
)
from analysis.estimation.likelihood.two_part_densities import (
    binary_share,
    hurdle,
    hurdle_mean,
    inflated_mean,
    mean_if_any,
    plain_mean,
    zero_inflated,
)
from analysis.estimation.outcomes import refuse_not_counts, words_of
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.separation import ON_THE_PLANE, separating_direction
from analysis.estimation.solution import Prediction, Solution, linear_predictors
from analysis.refusals import Refusal

# Share of structural zeros from which iterations start, at least.
SMALLEST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _TwoPart:
    """One of the four models.

    Attributes
    ----------
    density : hurdle or zero_inflated
    family : poisson or negative_binomial
    role : of the logit's regressors
    simpler : the estimator with alpha = 0, or None
    """

    density: Callable[[Family, Floats], Density]
    family: Family
    role: str
    simpler: "_TwoPart | None" = None
    simpler_name: str = ""

    def solve(self, sample: Sample, start: Floats | None) -> Solution:
        if start is None:
            refuse_not_counts(sample)
            _refuse_no_zeros(sample)
        blocks = self.blocks(sample)
        derivatives = self.density(self.family, sample.y)
        first = self.start(sample, blocks) if start is None else start
        maximum = self.maximum(sample, blocks, first)
        null = None
        if start is None:
            level = np.average(linear_predictors(blocks, first), axis=1, weights=sample.weight)
            null = intercepts_alone(derivatives, level, sample, words_of(sample))
        return solution_of(
            sample,
            blocks,
            maximum,
            self.predictions(),
            derived=(alpha_of(maximum.coefficients, blocks),) if self.simpler else (),
            null=null,
        )

    def blocks(self, sample: Sample) -> tuple[Block, ...]:
        binary = sample.blocks.get(self.role) or copied(sample.main, self.role)
        if self.simpler is None:
            return (sample.main, binary)
        return (sample.main, binary, ancillary("log_alpha", len(sample.y)))

    def maximum(self, sample: Sample, blocks: tuple[Block, ...], start: Floats) -> Maximum:
        likelihood = Likelihood(blocks, self.density(self.family, sample.y), start)
        what = f"The {words_of(sample)} of {sample.wording.outcome}"
        maximum = maximise(likelihood, sample.weight, what=what)
        flat = flat_terms(blocks, maximum, sample)
        if flat:
            raise _at_the_bound(sample, flat)
        return maximum

    def start(self, sample: Sample, blocks: tuple[Block, ...]) -> Floats:
        if self.simpler is not None:
            return self._start_with_alpha(sample, blocks)
        count = _count_above_zero(sample)
        if self.density is hurdle:
            return np.concatenate([count, _logit_of_any(sample, self.role)])
        logit = np.zeros(blocks[1].width)
        share = _sure_zeros(sample, np.exp(sample.Z @ count))
        logit[0] = special.logit(share) / blocks[1].Z[0, 0]
        return np.concatenate([count, logit])

    def _start_with_alpha(self, sample: Sample, blocks: tuple[Block, ...]) -> Floats:
        """The fit with alpha = 0, once it is seen that the likelihood rises from there."""
        assert self.simpler is not None  # noqa: S101 -- the caller has seen it
        summit = self.simpler.maximum(
            sample, blocks[:-1], self.simpler.start(sample, blocks[:-1])
        ).coefficients
        eta = linear_predictors(blocks, np.append(summit, 0.0))
        derivatives = self.density(self.family, sample.y)
        refuse_no_overdispersion(sample, derivatives, eta.copy(), self.simpler_name)
        above = sample.y > 0
        log_alpha = first_log_alpha(sample.y[above], np.exp(eta[0, above]), sample.weight[above])
        return np.append(summit, log_alpha)

    def predictions(self) -> dict[str, Prediction]:
        if self.density is hurdle:
            return {
                "mean": Prediction("mean", "Expected count", partial(hurdle_mean, self.family)),
                "participation": Prediction("participation", "Probability of any", binary_share),
                "mean_if_any": Prediction(
                    "mean_if_any", "Expected count if any", partial(mean_if_any, self.family)
                ),
            }
        return {
            "mean": Prediction("mean", "Expected count", inflated_mean),
            "inflation": Prediction("inflation", "Probability of a sure zero", binary_share),
            "mean_if_not_sure": Prediction(
                "mean_if_not_sure", "Expected count unless a sure zero", plain_mean
            ),
        }


def _refuse_no_zeros(sample: Sample) -> None:
    if np.any(sample.y == 0):
        return
    raise Refusal(
        "no_zeros",
        f"{sample.wording.outcome} is above zero for all {len(sample.y)} firms, so nothing tells "
        "firms with any from firms with none.",
        "Use the estimator poisson or negative_binomial.",
    )


def _at_the_bound(sample: Sample, terms: list[str]) -> Refusal:
    words = ", ".join(sample.wording.term(term) for term in terms)
    return Refusal(
        "no_finite_estimate",
        f"The {words_of(sample)} of {sample.wording.outcome} has no finite estimate of {words}: "
        "the probability of a sure zero, or a mean, goes to its bound for all firms alike.",
        "Leave the term out or join categories; if it is the intercept of the inflation, there "
        "are no more zeros than the count model expects: use it without inflation.",
    )


def _logit_of_any(sample: Sample, role: str) -> Floats:
    """Coefficients of the logit of a count above zero, checked for separation."""
    words = f"any {sample.wording.outcome}"
    seen = with_outcome(sample, (sample.y > 0).astype(float), words, role)
    return LOGIT_MODEL.solve(seen, None).coefficients


def _count_above_zero(sample: Sample) -> Floats:
    """Coefficients of the zero-truncated Poisson, which sure zeros do not touch."""
    some = only(sample, sample.y > 0)
    refuse_dependent_among(some, "firms with a count above zero")
    _refuse_ones_apart(some)
    what = f"The {words_of(sample)} of {sample.wording.outcome}"
    start = POISSON_MODEL.solve(some, None).coefficients
    likelihood = Likelihood((some.main,), truncated(poisson, some.y), start)
    return maximise(likelihood, some.weight, what=what).coefficients


def _refuse_ones_apart(some: Sample) -> None:
    """Refuse if the mean of some positive counts can go to zero and make them ones for sure."""
    if np.all(some.y == 1):
        raise Refusal(
            "no_count_above_one",
            f"{some.wording.outcome} is never above 1, so how many cannot be told from whether.",
            "Use the logit of any.",
        )
    more = only(some, some.y > 1)
    if len(more.y) > more.X.shape[1] and not dependent_terms(more):
        return
    everyone = np.ones(len(some.y), dtype=bool)
    direction = separating_direction(some, rises=some.y > 1, falls=everyone)
    if direction is not None:
        terms = [
            some.wording.term(name)
            for name, part in zip(some.names[1:], direction[1:], strict=True)
            if abs(part) > ON_THE_PLANE
        ]
        words = f"{terms[0]} marks off" if len(terms) == 1 else f"{', '.join(terms)} mark off"
        raise Refusal(
            "separation",
            f"Among firms with a count above zero {words} firms of which none has "
            f"{some.wording.outcome} above 1, so no finite estimate exists.",
            "Join the category with another, leave the term out, or widen the subpopulation.",
        )


def _sure_zeros(sample: Sample, mean: Floats) -> float:
    """Share of zeros beyond those the Poisson expects."""
    weight = sample.weight / sample.weight.sum()
    expected = float(weight @ np.exp(-mean))
    excess = (float(weight @ (sample.y == 0)) - expected) / (1 - expected)
    return float(np.clip(excess, SMALLEST_SHARE, 1 - SMALLEST_SHARE))


def _estimator(name: str, title: str, about: str, model: _TwoPart, needs: str) -> Estimator:
    role = Role(model.role, "matrix", needs, is_needed=False)
    return Estimator(name, title, about, model.solve, LIKELIHOOD, roles=(role,))


_HURDLE = _TwoPart(hurdle, poisson, "participation")
_INFLATED = _TwoPart(zero_inflated, poisson, "inflation")
_ANY = "regressors of whether there is any; as of the count if not given"
_SURE = "regressors of a sure zero; as of the count if not given"
HURDLE_POISSON = _estimator(
    "hurdle_poisson",
    "Hurdle Poisson",
    "A count: a logit of any, and a zero-truncated Poisson of how many.",
    _HURDLE,
    _ANY,
)
HURDLE_NEGATIVE_BINOMIAL = _estimator(
    "hurdle_negative_binomial",
    "Hurdle negative binomial",
    "A count: a logit of any, and a zero-truncated negative binomial of how many.",
    _TwoPart(hurdle, negative_binomial, "participation", _HURDLE, "hurdle_poisson"),
    _ANY,
)
ZERO_INFLATED_POISSON = _estimator(
    "zero_inflated_poisson",
    "Zero-inflated Poisson",
    "A count: zero for sure with the probability of a logit, else Poisson.",
    _INFLATED,
    _SURE,
)
ZERO_INFLATED_NEGATIVE_BINOMIAL = _estimator(
    "zero_inflated_negative_binomial",
    "Zero-inflated negative binomial",
    "A count: zero for sure with the probability of a logit, else negative binomial.",
    _TwoPart(zero_inflated, negative_binomial, "inflation", _INFLATED, "zero_inflated_poisson"),
    _SURE,
)
