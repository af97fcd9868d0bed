"""Columns of a design matrix that cannot be told apart from those before them."""

from collections.abc import Sequence

import numpy as np

from mathematics.arrays import Floats

TOLERANCE = 1e-10
# Smallest eigenvalue of the correlations at which rounding cannot have hidden a dependency.
PLAINLY_INDEPENDENT = 1e-6
# Coefficients of a standardised dependency below this are rounding.
NEGLIGIBLE = 1e-7


def aliased(X: Floats, weight: Floats, moments: Floats, terms: Sequence[str]) -> dict[int, str]:
    """Positions of the columns to drop, each with the reason, as the end of "it ...".

    Columns are centred and brought to length one under the weights. Taken in their order,
    a column is dropped if those before it leave less than `TOLERANCE` of its length: the
    later of two equal columns goes, as in R. The first column is the intercept; `moments` are
    the weighted moments of X.
    """
    if _plainly_independent(moments):
        return {}
    standard, constant = _standardized(X, weight)
    # The triangle has the lengths and angles of the whole matrix in k rows.
    triangle: Floats = np.asarray(np.linalg.qr(standard, mode="r"))
    reasons = {
        int(position): f"is {X[0, position]:g} for every firm"
        for position in np.flatnonzero(constant)
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


def _plainly_independent(moments: Floats) -> bool:
    """True if the moments alone show, beyond their rounding, that every column is its own.

    Most matrices are so, and moments cost a fraction of a decomposition.
    """
    centred = moments - np.outer(moments[0], moments[0]) / moments[0, 0]
    centred[0, 0] = moments[0, 0]
    raw, spread = np.diag(moments), np.diag(centred)
    if np.any(spread <= PLAINLY_INDEPENDENT * raw):
        return False
    length = np.sqrt(spread)
    smallest = np.linalg.eigvalsh(centred[1:, 1:] / np.outer(length[1:], length[1:]))[:1]
    return bool(np.all(smallest > PLAINLY_INDEPENDENT))


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
    return f"follows exactly from {' and '.join(parts)}"
