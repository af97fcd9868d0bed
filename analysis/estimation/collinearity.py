"""Columns of a design matrix that cannot be told apart from those before them."""

from collections.abc import Sequence

import numpy as np

from analysis.estimation.estimates import Floats

TOLERANCE = 1e-10
# Coefficients of a standardised dependency below this are rounding.
NEGLIGIBLE = 1e-7


def aliased(X: Floats, weight: Floats, terms: Sequence[str]) -> dict[int, str]:
    """Positions of the columns to drop, each with the reason, as the end of "it ...".

    Columns are centred and brought to length one under the weights. Taken in their order,
    a column is dropped if those before it leave less than `TOLERANCE` of its length: the
    later of two equal columns goes, as in R. The first column is the intercept.
    """
    standard, constant = _standardized(X, weight)
    # The triangle has the lengths and angles of the whole matrix in k rows.
    triangle = np.linalg.qr(standard, mode="r")
    reasons = {
        position: f"is {X[0, position]:g} for every firm" for position in np.flatnonzero(constant)
    }
    basis: list[Floats] = []
    kept: list[int] = []
    for position in range(X.shape[1]):
        if position in reasons:
            continue
        remainder = _remainder(triangle[:, position], basis)
        length = float(np.linalg.norm(remainder))
        if length > TOLERANCE:
            basis.append(remainder / length)
            kept.append(position)
        else:
            reasons[position] = _dependency(triangle, kept, position, terms)
    return dict(sorted(reasons.items()))


def _standardized(X: Floats, weight: Floats) -> tuple[Floats, np.ndarray]:
    root = np.sqrt(weight)[:, None]
    raw = np.sqrt(weight @ X**2)
    centred = root * (X - weight @ X / weight.sum())
    centred[:, 0] = root[:, 0]
    length = np.linalg.norm(centred, axis=0)
    constant = length <= TOLERANCE * np.maximum(raw, np.finfo(float).tiny)
    return centred / np.where(constant, 1.0, length), constant


def _remainder(vector: Floats, basis: Sequence[Floats]) -> Floats:
    # Twice: one pass of Gram and Schmidt leaves rounding errors as long as the tolerance.
    for _ in range(2):
        for direction in basis:
            vector = vector - (direction @ vector) * direction
    return vector


def _dependency(triangle: Floats, kept: list[int], position: int, terms: Sequence[str]) -> str:
    shares = np.linalg.lstsq(triangle[:, kept], triangle[:, position], rcond=None)[0]
    parts = [
        terms[other]
        for other, share in zip(kept, shares, strict=True)
        if other > 0 and abs(share) > NEGLIGIBLE
    ]
    if not parts:
        return "does not vary once the other terms are known"
    return f"follows exactly from {' and '.join(parts)}"
