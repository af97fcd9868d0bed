"""Keys, choices and functions of plans, for completion: what may be written, and what it is."""

from collections.abc import Iterable

from analysis.estimation.admissible import TITLES
from analysis.estimation.registry import ESTIMATORS
from analysis.specification import expressions, formula
from analysis.specification.plan import (
    LADDER_KEYS,
    MISSING,
    MODEL_KEYS,
    PLAN_KEYS,
    STEP_KEYS,
)
from analysis.specification.plan_parts import DESIGN_KEYS, DESIGN_PARTS, LONELY, REPLICATES

Words = list[list[str]]


def plan_words() -> dict[str, Words]:
    """By what stands before the caret: each word, what it is, and what is written for it."""
    either = _listed(("yes", "no"))
    return {
        "plan": _keys(PLAN_KEYS),
        "model": _keys(MODEL_KEYS),
        "ladder": _keys(LADDER_KEYS),
        "step": _keys(STEP_KEYS),
        "design": _keys(DESIGN_KEYS),
        "estimator": [[each.name, each.title, each.name] for each in ESTIMATORS.values()],
        "covariance": [[name, title, name] for name, title in TITLES.items()],
        "margins": either,
        "missing": _listed(MISSING),
        **{part: _listed(("design", "none")) for part in DESIGN_PARTS},
        "lonely": _listed(LONELY),
        "replicates": _listed(REPLICATES),
        "formula": _functions(formula.FUNCTIONS),
        "expression": _functions(expressions.FUNCTIONS),
    }


def _listed(words: tuple[str, ...]) -> Words:
    return [[word, "", word] for word in words]


def _keys(words: tuple[str, ...]) -> Words:
    return [[word, "key", f"{word}: "] for word in words]


def _functions(names: Iterable[str]) -> Words:
    return [[name, "function", f"{name}("] for name in names]
