"""One model's numbers by term, as coefficients or as ratios."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.estimation.estimates import Estimates, Fit
from analysis.tables.term_words import equation_of

RATIOS = {
    "logit": "odds ratios",
    "firth_logit": "odds ratios",
    "fractional_logit": "odds ratios",
    "control_function_logit": "odds ratios",
    "multilevel_logit": "odds ratios",
    "conditional_logit": "odds ratios",
    "ordered_logit": "odds ratios",
    "multinomial_logit": "odds ratios against the base level",
    "poisson": "rate ratios",
    "negative_binomial": "rate ratios",
    "fixed_effects_poisson": "rate ratios",
}
"""What the exponential of a coefficient is, by estimator."""
_EVERY_EQUATION = ("multinomial_logit",)


@dataclass(frozen=True, slots=True)
class Numbers:
    """An estimate with all that can stand with it.

    After `as_ratio`, `statistic` and `p_value` are still those of the coefficient.
    """

    estimate: float
    std_error: float
    statistic: float
    p_value: float
    low: float
    high: float

    def as_ratio(self) -> "Numbers":
        """The exponential: its standard error by the delta method, its limits exponentiated."""
        ratio = _exponential(self.estimate)
        return Numbers(
            ratio,
            ratio * self.std_error,
            self.statistic,
            self.p_value,
            _exponential(self.low),
            _exponential(self.high),
        )


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


@dataclass(frozen=True, slots=True)
class Column:
    """One model's numbers by term, what it left out, and its own words."""

    numbers: dict[str, Numbers]
    omitted: tuple[str, ...]
    words: Mapping[str, str]

    @classmethod
    def of(cls, fit: Fit, what: str, words: Mapping[str, str], *, ratios: bool = False) -> "Column":
        """Coefficients and what is derived of them, or average marginal effects."""
        estimates = fit.estimates if what == "coefficients" else fit.margins
        if estimates is None:
            return cls({}, (), words)
        found = _numbers_of(estimates)
        if what == "coefficients" and fit.derived is not None:
            found |= _numbers_of(fit.derived)
        if ratios and what == "coefficients":
            found = {
                term: each.as_ratio() if is_ratio(fit, term) else each
                for term, each in found.items()
            }
        return cls(found, tuple(name for name, _ in fit.dropped if name not in found), words)

    @property
    def terms(self) -> tuple[str, ...]:
        return (*self.numbers, *self.omitted)


def is_ratio(fit: Fit, term: str) -> bool:
    """Whether the exponential of the coefficient is a ratio that has a name."""
    if fit.estimator not in RATIOS or term in fit.parameters:
        return False
    return not equation_of(term) or fit.estimator in _EVERY_EQUATION


def _numbers_of(estimates: Estimates) -> dict[str, Numbers]:
    lines = zip(
        estimates.coefficients.tolist(),
        estimates.std_errors.tolist(),
        estimates.statistics.tolist(),
        estimates.p_values.tolist(),
        *estimates.intervals().T.tolist(),
        strict=True,
    )
    return {term: Numbers(*line) for term, line in zip(estimates.terms, lines, strict=True)}
