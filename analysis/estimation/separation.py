"""Outcomes that some terms predict without error: no finite logit or probit exists.

With robust or design-based standard errors this is the most dangerous fault of all, for the
scores of the separated term vanish and its standard error shrinks with them.
"""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

REMEDY = (
    "Join the category with another, leave the term out, widen the subpopulation, or use the "
    "linear estimator."
)
# Of the largest distance from the separating plane, in standardised units.
ON_THE_PLANE = 1e-6


def refuse_empty_cells(sample: Sample) -> None:
    """Refuse terms of which all firms with, or all firms without, have one outcome."""
    faults = [
        _sentence(words, sample.y[rows])
        for words, rows in _cells(sample)
        if rows.any() and sample.y[rows].min() == sample.y[rows].max()
    ]
    if faults:
        raise Refusal(
            "separation",
            f"Effects on {sample.wording.outcome} cannot be estimated where all firms alike have "
            f"it or not: {'; '.join(faults)}.",
            REMEDY,
        )


def refuse_separation(sample: Sample) -> None:
    """Refuse if a plane parts the outcomes, some firms perhaps on the plane itself."""
    direction = separating_direction(sample)
    if direction is None:
        return
    terms = [
        sample.wording.term(name)
        for name, part in zip(sample.names[1:], direction[1:], strict=True)
        if abs(part) > ON_THE_PLANE
    ]
    off_plane = np.abs(_standardized(sample.X) @ direction)
    sure = int(np.sum(off_plane > ON_THE_PLANE * off_plane.max()))
    words = f"{terms[0]} predicts" if len(terms) == 1 else f"{', '.join(terms)} together predict"
    raise Refusal(
        "separation",
        f"{words} {sample.wording.outcome} without error for at least {sure} of {len(sample.y)} "
        "firms, so no finite estimate exists.",
        REMEDY,
    )


def separating_direction(sample: Sample) -> Floats | None:
    """(k,) direction on standardised columns that parts the outcomes, or None.

    The linear programme of Konis (2007), asked for the direction that uses the terms least,
    so that the message names few: minimise the sum of |d| subject to z'd >= 0 for every firm
    and a mean of one, where z is the firm's row with its sign changed if the outcome is 0.
    """
    signed = _standardized(sample.X) * (2 * sample.y - 1)[:, None]
    unique, repeats = np.unique(signed, axis=0, return_counts=True)
    mean = repeats @ unique / len(signed)
    k = unique.shape[1]
    cost = np.ones(2 * k)
    cost[[0, k]] = 0.0  # the intercept is free to place the plane
    answer = linprog(
        cost,
        A_ub=-np.hstack([unique, -unique]),
        b_ub=np.zeros(len(unique)),
        A_eq=np.hstack([mean, -mean])[None, :],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    if answer.status != 0:
        return None
    direction: Floats = answer.x[:k] - answer.x[k:]
    distance = signed @ direction
    if distance.min() < -ON_THE_PLANE * distance.max():
        return None
    longest: float = np.abs(direction).max()
    return direction / longest


def _standardized(X: Floats) -> Floats:
    centred = X - X.mean(axis=0)
    centred[:, 0] = 1.0
    result: Floats = centred / np.linalg.norm(centred, axis=0) * np.sqrt(len(X))
    return result


def _cells(sample: Sample) -> Iterator[tuple[str, Rows]]:
    """Groups of firms whose own probability the model is free to choose, in words."""
    for name, column in zip(sample.names[1:], sample.X.T[1:], strict=True):
        has = column == 1
        if np.all(has | (column == 0)):
            yield f"with {sample.wording.term(name)}", has
            yield f"without {sample.wording.term(name)}", ~has
    for variable, kind in sample.kinds.items():
        columns = _plain_levels(sample, variable) if kind == "category" else []
        if len(columns) > 1:
            base: Rows = np.all(sample.X[:, columns] == 0, axis=1)
            yield f"in the base category of {sample.wording.term(variable)}", base


def _plain_levels(sample: Sample, variable: str) -> list[int]:
    return [
        position
        for position, column in enumerate(sample.columns)
        if len(column.factors) == 1 and column.variables == (variable,)
    ]


def _sentence(words: str, y: Floats) -> str:
    if y[0] == 0:
        return f"no firm {words} has outcome 1 (0 of {len(y)})"
    return f"every firm {words} has outcome 1 ({len(y)} of {len(y)})"
