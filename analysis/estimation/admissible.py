"""Which estimators an outcome allows, and which standard errors an estimator and a design.

What an estimator takes is a matter of its likelihood (Wooldridge 2010, chapters 15, 17, 18): a
yes-or-no outcome has no Poisson variance, a number below 0 no logarithm. The linear estimators
take every number, for least squares are defined for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.registry import ESTIMATORS

Outcome = Literal["binary", "count", "share", "number", "constant", "category"]

MOST_LEVELS = 12
_LINEAR = frozenset({"binary", "count", "share", "number"})
_QUANTITY = frozenset({"count", "share", "number"})
_BINARY, _COUNT = frozenset({"binary"}), frozenset({"count"})
_SHARE = frozenset({"share"})

TAKES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "linear", "two_stage_least_squares", "control_function_linear", "fixed_effects",
            "first_differences", "long_differences", "cross_lagged", "lagged_outcome",
            "multilevel_linear", "correlated_random_effects",
        ),
        _LINEAR,
    ),
    **dict.fromkeys(
        (
            "logit", "probit", "cloglog", "firth_logit", "bivariate_probit",
            "recursive_bivariate_probit", "control_function_logit", "control_function_probit",
            "conditional_logit", "multilevel_logit",
        ),
        _BINARY,
    ),
    **dict.fromkeys(("fractional_logit", "fractional_probit"), _SHARE),
    **dict.fromkeys(
        (
            "poisson", "negative_binomial", "hurdle_poisson", "hurdle_negative_binomial",
            "zero_inflated_poisson", "zero_inflated_negative_binomial", "fixed_effects_poisson",
        ),
        _COUNT,
    ),
    **dict.fromkeys(
        ("tobit", "interval_regression", "heckman", "heckman_two_step", "cdm"), _QUANTITY
    ),
    # A few levels, which `is_levels` tells beside the kind.
    **dict.fromkeys(("ordered_logit", "ordered_probit", "multinomial_logit"), frozenset()),
}  # fmt: skip
"""Kinds of outcome that each estimator takes."""

_WORDS = {
    "binary": "yes or no",
    "count": "a whole number from 0",
    "share": "a share from 0 to 1",
    "number": "a number",
    "constant": "the same for all firms",
    "category": "a category whose codes are not numbers",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that could be chosen; `why_not` is empty if it may be."""

    name: str
    title: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an outcome is, and how many values it has."""

    kind: Outcome
    levels: int

    @property
    def is_levels(self) -> bool:
        """Whether it may be read as a few levels, in an order or as names."""
        few = 3 <= self.levels <= MOST_LEVELS
        return few and self.kind in ("count", "number", "share")

    @property
    def words(self) -> str:
        return _WORDS[self.kind]


def outcome_kind(values: Floats) -> Taken:
    """What the (n,) values are; NaN, where there is no answer, does not count."""
    distinct = np.unique(values[~np.isnan(values)])
    if len(distinct) < 2:
        return Taken("constant", len(distinct))
    return Taken(_kind(distinct), len(distinct))


def _kind(distinct: Floats) -> Outcome:
    if distinct[0] >= 0 and distinct[-1] <= 1:
        return "binary" if len(distinct) == 2 and distinct.sum() == 1 else "share"
    is_count = distinct[0] >= 0 and bool(np.all(distinct == np.floor(distinct)))
    return "count" if is_count else "number"


def estimators_for(taken: Taken, *, has_waves: bool) -> tuple[Choice, ...]:
    """Every estimator in the order of the registry, with why the outcome does not allow it."""
    return tuple(
        Choice(each.name, each.title, _why_no_estimator(each, taken, has_waves=has_waves))
        for each in ESTIMATORS.values()
    )


def _why_no_estimator(estimator: Estimator, taken: Taken, *, has_waves: bool) -> str:
    needs = {role.name for role in estimator.roles if role.is_needed}
    if "wave" in needs and not has_waves:
        return "It needs two or more waves."
    accepted = TAKES[estimator.name]
    by_levels = not accepted and taken.is_levels
    if taken.kind in accepted or by_levels:
        return ""
    return f"The outcome is {taken.words}. It takes: {estimator.about.rstrip('.')}."


def covariances_for(
    estimator: str, *, weighted: bool, clustered: bool, replicates: bool
) -> tuple[Choice, ...]:
    """Every covariance with why estimator and design do not allow it.

    `weighted`: the design counts weights that differ; `clustered`: it has clusters, or the model
    names one; `replicates`: it has replicate weights.
    """
    defined = ESTIMATORS[estimator].covariances
    why = {
        "model": "Weights do not say how precise an answer is." if weighted else "",
        "cluster": "" if clustered else "The design has no clusters, and the model names none.",
        "replicate": "" if replicates else "The design has no replicate weights.",
    }
    return tuple(
        Choice(
            name,
            TITLES[name],
            why.get(name, "") if name in defined else "It is not defined for this estimator.",
        )
        for name in TITLES
    )


TITLES: Mapping[Covariance, str] = {
    "model": "Model-based",
    "HC0": "Robust, HC0",
    "HC1": "Robust, HC1",
    "HC2": "Robust, HC2",
    "HC3": "Robust, HC3",
    "cluster": "Clustered",
    "design": "Design-based",
    "replicate": "From replicates",
}
"""Standard errors as pages call them."""
