"""Whether a conditional likelihood has a summit, by linear programming."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

# Of the largest part of a direction: what rounding leaves.
NEGLIGIBLE = 1e-6


def refuse_ordered(
    X: Floats, high: Codes, low: Codes, names: Sequence[str], sample: Sample
) -> None:
    """Refuse if some direction never ranks a row of `low` above its row of `high`.

    Along such a direction a conditional likelihood rises without end. X is (m, k); `high` and
    `low` are rows of one unit, pair by pair. As Konis (2007), the direction that uses the terms
    least is sought, so that the message names few: the least sum of |d| with every difference
    along d at least zero and their mean one.
    """
    scale = X.std(axis=0)
    differences = np.unique((X[high] - X[low]) / np.where(scale > 0, scale, 1.0), axis=0)
    k = X.shape[1]
    mean = differences.mean(axis=0)
    answer = linprog(
        np.ones(2 * k),
        A_ub=-np.hstack([differences, -differences]),
        b_ub=np.zeros(len(differences)),
        A_eq=np.hstack([mean, -mean])[None, :],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    if answer.status != 0:
        return
    direction = answer.x[:k] - answer.x[k:]
    terms = [
        sample.wording.term(name)
        for name, part in zip(names, direction, strict=True)
        if abs(part) > NEGLIGIBLE * np.abs(direction).max()
    ]
    words = f"{terms[0]} alone orders" if len(terms) == 1 else f"{', '.join(terms)} together order"
    raise Refusal(
        "separation",
        f"{words} the waves of every firm exactly as {sample.wording.outcome} does, so no finite "
        "estimate exists.",
        "Join categories, leave the term out, or use the linear fixed_effects.",
    )


def pairs(unit: Codes, is_high: Rows, is_low: Rows) -> tuple[Codes, Codes]:
    """Rows high and low of the same unit, each with each."""
    order = np.argsort(unit, kind="stable")
    starts = np.flatnonzero(np.diff(unit[order], prepend=-1))
    high, low = [], []
    for rows in np.split(order, starts[1:]):
        above, below = rows[is_high[rows]], rows[is_low[rows]]
        high.append(np.repeat(above, len(below)))
        low.append(np.tile(below, len(above)))
    return np.concatenate(high), np.concatenate(low)
