"""Whom to follow up first: the expected gain of one more contact."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mathematics.arrays import Floats, Rows
from mathematics.refusals import Refusal
from surveys.fieldwork.auxiliaries import Auxiliaries
from surveys.fieldwork.representativity import PartialIndicator


@dataclass(frozen=True, slots=True, eq=False)
class Priority:
    """Follow-up of n cases.

    Attributes
    ----------
    score : (n,) floats
        Share of the gain to be had from all open cases; 0 for cases that are not open.
    order : (open,) positions of the open cases, the most urgent first
    """

    score: Floats
    order: npt.NDArray[np.intp]


def priority(
    propensity: npt.ArrayLike,
    weight: npt.ArrayLike,
    influence: npt.ArrayLike,
    is_open: npt.ArrayLike,
) -> Priority:
    """Score of n cases: propensity x base weight x influence, of those that are open.

    What a contact is expected to gain: how probably it brings an answer, how many firms the
    case stands for, and how much its kind matters, as employees on the frame do for a total or
    `under_representation` for the balance of the response. Of equal scores the case that
    stands first comes first.

    Raises: Refusal ``priority_value`` for a missing, infinite or negative number.
    """
    parts = {
        "propensity": np.asarray(propensity, dtype=float),
        "base weight": np.asarray(weight, dtype=float),
        "influence": np.asarray(influence, dtype=float),
    }
    opened: Rows = np.asarray(is_open, dtype=bool)
    for name, values in parts.items():
        _refuse(name, values, opened)
    gain = np.where(opened, np.prod([*parts.values()], axis=0, where=opened), 0.0)
    total = gain.sum()
    score = gain / total if total > 0 else gain
    order = np.argsort(-score, kind="stable")
    return Priority(score, order[opened[order]])


def under_representation(aux: Auxiliaries, partial: tuple[PartialIndicator, ...]) -> Floats:
    """(n,) how far the groups of each case are behind: 0 where none is.

    The sum over variables of the unconditional partial indicators of the case's categories,
    those below zero with their sign turned, the others left out.
    """
    result = np.zeros(len(aux.X))
    for category, indicator in zip(aux.categories, partial, strict=True):
        behind = np.array([max(0.0, -each.unconditional) for each in indicator.categories])
        result += behind[category.codes]
    return result


def _refuse(name: str, values: Floats, opened: Rows) -> None:
    if values.shape != opened.shape:
        raise ValueError(f"The {name} and the cases differ in length.")
    wrong = opened & ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise Refusal(
            "priority_value",
            f"The {name} is missing or below zero for {wrong.sum()} open cases; the first is "
            f"case {int(np.argmax(wrong)) + 1}.",
            "Give every open case a number that is not negative.",
        )
