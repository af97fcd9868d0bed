"""What one model alone calls its equations, levels and thresholds."""

from itertools import pairwise

import numpy as np

from analysis.estimation.estimates import Fit
from analysis.estimation.likelihood.levels import level_name
from analysis.estimation.registry import CATEGORIES
from analysis.specification.matrix import Equation

_EXPLAINED = {
    "second_outcome": "second",
    "selected": "selection",
    "rd_performer": "selection",
    "rd_intensity": "intensity",
    "product": "product",
    "process": "process",
    "other": "other",
}
"""Outcomes by role, to the equations that explain them."""
_CATEGORIES = {each.name for each in CATEGORIES}


def own_words(ready: Equation, fit: Fit) -> dict[str, str]:
    """Words for what has better ones than its name.

    Equations and levels by their name and a bar, thresholds and other terms by their name,
    predictions by their title.
    """
    words = {
        f"{_EXPLAINED[role]}|": label for role, label in ready.roles.items() if role in _EXPLAINED
    }
    words |= {
        f"predicted_{role}": f"{label}, predicted"
        for role, label in ready.roles.items()
        if role in ("product", "process", "rd_intensity")
    }
    if "other" in ready.roles:
        words |= {"other_lag": f"{ready.roles['other']}, earlier wave"}
    levels = present_levels(ready, fit)
    if not levels:
        return words
    cuts = [term for term in fit.ancillary if term.startswith("cut")]
    words |= {f"{level}|": label for level, label in levels.items()}
    words |= {
        f"Probability of level {level}": f"Probability of “{label}”"
        for level, label in levels.items()
    }
    if len(cuts) == len(levels) - 1:
        between = pairwise(levels.values())
        words |= {
            cut: f"Threshold: {below} / {above}"
            for cut, (below, above) in zip(cuts, between, strict=True)
        }
    return words


def present_levels(ready: Equation, fit: Fit) -> dict[str, str]:
    """Levels that firms of the model have, from the lowest, to their labels.

    Empty where one has no label, and for an outcome that the model does not take by levels.
    """
    if fit.estimator not in _CATEGORIES:
        return {}
    values = ready.y[ready.domain]
    names = [level_name(value) for value in np.unique(values[~np.isnan(values)])]
    return {name: ready.levels[name] for name in names} if set(names) <= set(ready.levels) else {}
