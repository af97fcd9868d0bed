"""Totals that no weights can meet, told apart and named."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from mathematics.arrays import Floats, named
from mathematics.calibration.auxiliary import Variables
from mathematics.calibration.distances import Bounds
from mathematics.refusals import Refusal

SAME = 1e-9
# A linear programme with more firms than this takes longer than the answer is worth.
MOST_FIRMS = 50_000


def refuse_values(
    variables: Mapping[str, npt.ArrayLike], totals: Mapping[str, float], weight: Floats
) -> None:
    """Refuse variables without totals, totals without variables, and missing values.

    Raises: Refusal ``totals_differ``, ``calibration_value_missing``.
    """
    unlike = sorted(set(variables) ^ set(totals))
    if unlike:
        raise Refusal(
            "totals_differ",
            f"Variables and totals do not have the same names: {named(unlike)}.",
            "Give each variable its total.",
        )
    for name, given in variables.items():
        values = np.asarray(given, dtype=float)
        if values.shape != weight.shape:
            raise ValueError(f"'{name}' and the weights differ in length.")
        wrong = ~np.isfinite(values) & (weight > 0)
        if wrong.any() or not np.isfinite(totals[name]):
            first = f"the first is firm {int(np.argmax(wrong)) + 1} of the data"
            what = f"for {wrong.sum()} of {len(wrong)} firms; {first}"
            raise Refusal(
                "calibration_value_missing",
                f"'{name}' is missing or infinite {what if wrong.any() else 'as a total'}.",
                "Weights can be calibrated only on what is known of every responding firm and of "
                "the population.",
            )


def refuse_inconsistent(
    names: list[str], totals: Floats, kept: list[int], combinations: Mapping[int, Floats]
) -> None:
    """Refuse totals that contradict each other where variables add up to one another.

    Raises: Refusal ``totals_inconsistent``.
    """
    for column, combination in combinations.items():
        parts = combination * totals[kept[: len(combination)]]
        implied = float(parts.sum())
        size = max(abs(totals[column]), float(np.abs(parts).max(initial=0.0)))
        if abs(implied - totals[column]) > SAME * max(size, 1e-300):
            raise Refusal(
                "totals_inconsistent",
                f"In the sample '{names[column]}' is a combination of the variables before it, "
                f"whose totals make {implied:.10g}, but its total is {totals[column]:.10g}.",
                "Take all totals from one source and date, or leave this one out.",
            )


def refuse_unreachable(
    auxiliary: Variables, totals: Floats, weight: Floats, bounds: Bounds
) -> None:
    """Refuse a total beyond what factors within the bounds can make of its variable.

    Raises: Refusal ``totals_unreachable``.
    """
    low, high = bounds
    if np.isinf(low):
        return
    positive = weight @ np.maximum(auxiliary.X, 0)
    negative = weight @ np.minimum(auxiliary.X, 0)
    least = low * positive + _times(high, negative)
    most = _times(high, positive) + low * negative
    # Where all factors may be as small as one likes, a total of zero leaves no firm a weight.
    touches = np.isinf(high) & ((totals <= least) | (totals >= most))
    outside = (totals < least) | (totals > most) | touches
    if outside.any():
        place = int(np.argmax(outside))
        raise Refusal(
            "totals_unreachable",
            f"The total of '{auxiliary.names[place]}' is {totals[place]:.10g}, but with factors "
            f"from {low:g} to {high:g} the responding firms' weights make between "
            f"{least[place]:.10g} and {most[place]:.10g}.",
            "Check the total and its unit, or widen the bounds.",
        )


def refuse_negative(weight: Floats) -> None:
    negative = weight < 0
    if negative.any():
        raise Refusal(
            "calibration_negative_weights",
            f"Linear calibration gives {negative.sum()} of {len(weight)} firms a negative weight; "
            f"the first is firm {int(np.argmax(negative)) + 1} of the data.",
            "Choose the raking or logit distance, or set bounds.",
        )


def explained(
    auxiliary: Variables, totals: Floats, weight: Floats, bounds: Bounds, gap: Floats
) -> Refusal:
    """Why Newton's method did not arrive: no weights exist, or the search failed."""
    worst = auxiliary.names[int(np.argmax(np.abs(gap)))]
    if _nobody_can(auxiliary, totals, weight, bounds):
        return Refusal(
            "totals_unreachable",
            f"No factors from {bounds[0]:g} to {bounds[1]:g} meet all totals together, though "
            f"each can be met by itself; '{worst}' is missed by most.",
            "Widen the bounds, or leave a variable out.",
        )
    return Refusal(
        "calibration_no_convergence",
        f"The search for calibrated weights did not arrive: the total of '{worst}' is still "
        f"missed by {np.max(np.abs(gap)):.2g} of it.",
        "Widen the bounds, leave a variable out, or join small categories.",
    )


def _nobody_can(auxiliary: Variables, totals: Floats, weight: Floats, bounds: Bounds) -> bool:
    inside = weight > 0
    if inside.sum() > MOST_FIRMS or np.isinf(bounds[0]):
        return False
    X = auxiliary.X[inside] * weight[inside, None]
    size = np.maximum(np.abs(totals), np.abs(X).sum(axis=0))
    high = None if np.isinf(bounds[1]) else bounds[1]
    answer = linprog(
        np.zeros(len(X)), A_eq=(X / size).T, b_eq=totals / size, bounds=(bounds[0], high)
    )
    return int(answer.status) == 2


def _times(factor: float, sums: Floats) -> Floats:
    """Factor times sums, where infinity times nothing is nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(sums == 0, 0.0, factor * sums)
