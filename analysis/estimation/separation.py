"""Outcomes that some terms predict without error: no finite logit or probit exists.

With robust or design-based standard errors this is the most dangerous fault of all, for the
scores of the separated term vanish and its standard error shrinks with them.
"""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

REMEDY = (
    "Join the category with another, leave the term out, widen the subpopulation, or use the "
    "linear estimator or Firth's penalised logit."
)
# Of the largest distance from the separating plane, in standardised units.
ON_THE_PLANE = 1e-6
# Smallest eigenvalue of scaled moments at which terms are independent beyond doubt.
INDEPENDENT = 1e-8


def refuse_empty_cells(sample: Sample) -> None:
    """Refuse terms of which all firms with, or all firms without, have one outcome."""
    if sample.y.min() > 0 and sample.y.max() < 1:
        return
    faults = [
        _sentence(words, sample.y[rows])
        for words, rows in _cells(sample)
        if rows.any() and _is_one_end(sample.y[rows])
    ]
    if faults:
        raise Refusal(
            "separation",
            f"Effects on {sample.wording.outcome} cannot be estimated where all firms alike have "
            f"it or not: {'; '.join(faults)}.",
            REMEDY,
        )


def refuse_separation(sample: Sample) -> None:
    """Refuse if a plane parts the outcomes 0 and 1, some firms perhaps on the plane itself.

    Firms with an outcome between 0 and 1 must lie on it.
    """
    y = sample.y
    direction = separating_direction(sample, rises=y > 0, falls=y < 1)
    if direction is not None:
        raise _found(sample, direction, "predicts", "predict", "without error")


def refuse_counts_apart(sample: Sample) -> None:
    """Refuse if some direction leads counts of zero, and them alone, to minus infinity.

    The condition of Santos Silva and Tenreyro (2010) for a Poisson fit to exist. There is none
    if the terms are independent among the firms with a count above zero.
    """
    y = sample.y
    if _tells_terms_apart(sample, y > 0):
        return
    direction = separating_direction(sample, rises=y > 0, falls=np.ones(len(y), dtype=bool))
    if direction is not None:
        raise _found(sample, direction, "predicts", "predict", "to be zero without error")


def _tells_terms_apart(sample: Sample, rows: Rows) -> bool:
    """Whether these firms alone would do to estimate every term."""
    if np.count_nonzero(rows) <= sample.Z.shape[1]:
        return False
    moments = weighted_moments(sample.Z[rows], np.ones(np.count_nonzero(rows)))
    scale = np.sqrt(np.diag(moments))
    if np.any(scale <= np.finfo(float).tiny):
        return False
    return bool(np.linalg.eigvalsh(moments / np.outer(scale, scale))[0] > INDEPENDENT)


def _found(sample: Sample, direction: Floats, one: str, several: str, how: str) -> Refusal:
    terms = [
        sample.wording.term(name)
        for name, part in zip(sample.names[1:], direction[1:], strict=True)
        if abs(part) > ON_THE_PLANE
    ]
    off_plane = np.abs(_standardized(sample.X) @ direction)
    sure = int(np.sum(off_plane > ON_THE_PLANE * off_plane.max()))
    words = f"{terms[0]} {one}" if len(terms) == 1 else f"{', '.join(terms)} together {several}"
    return Refusal(
        "separation",
        f"{words} {sample.wording.outcome} {how} for at least {sure} of {len(sample.y)} "
        "firms, so no finite estimate exists.",
        REMEDY,
    )


def separating_direction(sample: Sample, *, rises: Rows, falls: Rows) -> Floats | None:
    """(k,) direction on standardised columns that parts the outcomes, or None.

    Along it no firm of `rises` may go down and no firm of `falls` up; firms of both stay.
    The linear programme of Konis (2007), asked for the direction that uses the terms least,
    so that the message names few: minimise the sum of |d| subject to z'd >= 0 for every firm
    and a mean of one, where z is the firm's row with its sign changed if it may not rise.
    """
    rows = _standardized(sample.X)
    signed = np.vstack([rows[rises], -rows[falls]])
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


def _is_one_end(y: Floats) -> bool:
    """True if all have the outcome 0, or all 1."""
    return bool(y.max() == 0 or y.min() == 1)


def _sentence(words: str, y: Floats) -> str:
    if y[0] == 0:
        return f"no firm {words} has outcome 1 (0 of {len(y)})"
    return f"every firm {words} has outcome 1 ({len(y)} of {len(y)})"
