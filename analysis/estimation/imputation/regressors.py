"""What predicts one variable in one step of a chain, in coordinates fit for arithmetic."""

import itertools
from dataclasses import dataclass

import numpy as np

from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, named

# Of a column's length: what must be left of it once its mean is taken away.
CONSTANT = 1e-9
# Smallest eigenvalue of the predictors' correlations below which one follows from others,
# and below which they nearly do.
SINGULAR = 1e-10
NEARLY_SINGULAR = 1e-4
# Added to the correlations' diagonal, as R's mice does.
RIDGE = 1e-5
# Of an eigenvector: its columns that a note names.
PLAIN = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Regressors:
    """Rows with an answer (d) and rows without one (r), by k columns.

    Attributes
    ----------
    seen : (d, k) floats: ones; the free columns, of mean 0 and standard deviation 1 under the
        weights; the shrunken columns as they are
    unseen : (r, k) floats in the same coordinates
    free : how many columns come before the shrunken ones
    ridge : added to the squared length of each free column but the first
    groups : where the shrunken columns of strata and of clusters stand
    notes : sentences on what was set aside or shrunken
    """

    seen: Floats
    unseen: Floats
    free: int
    ridge: float = 0.0
    groups: tuple[slice, ...] = ()
    notes: tuple[str, ...] = ()

    def penalty(self, spread: Floats) -> Floats:
        """(k,) inverse prior variances, those of the groups given."""
        result = np.zeros(self.seen.shape[1])
        result[1 : self.free] = self.ridge
        for group, variance in zip(self.groups, spread, strict=True):
            result[group] = 1 / variance
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Free columns with their names, and shrunken ones by group, of all n rows."""

    names: tuple[str, ...]
    free: Floats
    shrunken: Floats
    sizes: tuple[int, ...]


def regressors(
    target: str, columns: Columns, seen: Codes, unseen: Codes, weight: Floats
) -> Regressors:
    """The columns centred, scaled, and without those that say nothing new of the seen rows.

    `weight` is (d,), of mean one.
    """
    given, lacking = columns.free[seen], columns.free[unseen]
    kept, notes = _varying(columns.names, given, weight)
    centre, scale, correlations = _moments(given[:, kept], weight)
    values = np.linalg.eigvalsh(correlations) if len(kept) else np.ones(1)
    if values[0] < SINGULAR:
        kept, dropped = _independent(columns.names, given, kept, weight)
        centre, scale, correlations = _moments(given[:, kept], weight)
        values, notes = np.linalg.eigvalsh(correlations), notes + dropped
    ridge = 0.0
    if values[0] < NEARLY_SINGULAR:
        ridge = RIDGE * len(given)
        notes = (*notes, _near(columns.names, kept, correlations))
    free = 1 + len(kept)
    ends = free + np.cumsum((0, *columns.sizes))
    return Regressors(
        seen=_rows(given[:, kept], centre, scale, columns.shrunken[seen]),
        unseen=_rows(lacking[:, kept], centre, scale, columns.shrunken[unseen]),
        free=free,
        ridge=ridge,
        groups=tuple(slice(int(start), int(end)) for start, end in itertools.pairwise(ends)),
        notes=tuple(f"Imputing '{target}': {note}" for note in notes),
    )


def _varying(
    names: tuple[str, ...], given: Floats, weight: Floats
) -> tuple[list[int], tuple[str, ...]]:
    mean = weight @ given / len(given)
    length = np.sqrt(weight @ given**2 / len(given))
    spread = np.sqrt(weight @ (given - mean) ** 2 / len(given))
    varies = spread > CONSTANT * np.maximum(length, CONSTANT)
    notes: tuple[str, ...] = ()
    if not varies.all():
        still = [name for name, moves in zip(names, varies, strict=True) if not moves]
        notes = (f"{named(still)} has one value among its donors and was left out.",)
    return [int(place) for place in np.flatnonzero(varies)], notes


def _moments(given: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Means, standard deviations and correlations under the weights."""
    centre = weight @ given / len(given)
    centred = given - centre
    covariance = centred.T @ (weight[:, None] * centred) / len(given)
    scale = np.sqrt(np.diag(covariance))
    return centre, scale, covariance / np.outer(scale, scale)


def _independent(
    names: tuple[str, ...], given: Floats, kept: list[int], weight: Floats
) -> tuple[list[int], tuple[str, ...]]:
    X = np.column_stack([np.ones(len(given)), given[:, kept]])
    terms = ["", *(f"'{names[place]}'" for place in kept)]
    gone = aliased(X, weight, weighted_moments(X, weight), terms)
    notes = tuple(f"{terms[place]} was left out: it {why}." for place, why in gone.items())
    return [place for position, place in enumerate(kept, 1) if position not in gone], notes


def _near(names: tuple[str, ...], kept: list[int], correlations: Floats) -> str:
    values, vectors = np.linalg.eigh(correlations)
    loading = np.abs(vectors[:, values < NEARLY_SINGULAR]).max(axis=1)
    which = [names[place] for place, size in zip(kept, loading, strict=True) if size > PLAIN]
    return f"{named(which)} nearly determine each other; a ridge of {RIDGE:g} was added."


def _rows(values: Floats, centre: Floats, scale: Floats, shrunken: Floats) -> Floats:
    return np.column_stack([np.ones(len(values)), (values - centre) / scale, shrunken])
