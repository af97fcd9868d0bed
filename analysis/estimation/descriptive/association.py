"""Tests of association in a table of two classifications, under the sampling design."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from analysis.estimation.estimates import Floats

# A covariance whose condition is worse than this cannot be inverted to any digit that counts.
SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class Association:
    """A test that rows and columns are independent.

    Attributes
    ----------
    statistic : F or chi-square
    numerator_df : of the F, or of the chi-square
    denominator_df : of the F; infinite for a chi-square
    p_value : float
    """

    statistic: float
    numerator_df: float
    denominator_df: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What the tests read.

    Attributes
    ----------
    shares : (R, C) estimated shares of all firms, adding up to one, no row or column empty
    covariance : (R C, R C) of the shares by rows
    counts : (R, C) estimated firms of the population
    count_covariance : (R C, R C) of the counts by rows
    n : firms that answered
    df : design degrees of freedom of the table's firms
    """

    shares: Floats
    covariance: Floats
    counts: Floats
    count_covariance: Floats
    n: int
    df: float

    @property
    def freedom(self) -> int:
        """(R - 1)(C - 1)"""
        rows, columns = self.shares.shape
        return int((rows - 1) * (columns - 1))


def associations(cells: Cells) -> tuple[dict[str, Association], tuple[str, ...]]:
    """The tests that can be had, and sentences on those that cannot.

    ``pearson_f``: Pearson's statistic with Rao and Scott's second-order correction, as F
    (R survey's ``F``, Stata's default). ``pearson_second_order``: the same as chi-square.
    ``pearson_first_order``: corrected in the mean only (R's ``Chisq``). ``wald`` and
    ``adjusted_wald``: of the differences between cells and what independence expects (Koch,
    Freeman & Freeman 1975).
    """
    tests: dict[str, Association] = {}
    notes: tuple[str, ...] = ()
    effects = generalised_effects(cells)
    if effects is None:
        notes += ("Too many cells are empty for Rao and Scott's tests.",)
    else:
        tests |= _rao_scott(cells, effects)
    wald = _wald(cells)
    if wald is None:
        notes += (
            "No Wald test of association: there are too few sampled units for a table of this "
            "size.",
        )
    else:
        tests |= wald
    return tests, notes


def pearson(cells: Cells) -> float:
    """Pearson's chi-square of the estimated shares, at the size of the sample."""
    expected = np.outer(cells.shares.sum(axis=1), cells.shares.sum(axis=0))
    return float(cells.n * ((cells.shares - expected) ** 2 / expected).sum())


def generalised_effects(cells: Cells) -> Floats | None:
    """Generalised design effects matrix of the interactions, (R-1)(C-1) square.

    Rao & Scott (1984), equation 2.9: (C'D^-1 C / n)^-1 (C'D^-1 V D^-1 C), C the contrasts of
    interaction clear of the main effects, D the shares on a diagonal. None if it is not
    defined. As R survey, an empty cell is given no part in it.
    """
    rows, columns = cells.shares.shape
    main = np.column_stack(
        [np.kron(np.eye(rows), np.ones((columns, 1))), np.kron(np.ones((rows, 1)), np.eye(columns))]
    )
    contrasts = linalg.null_space(main.T)
    share = cells.shares.ravel()
    inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1), 0)
    scaled = contrasts * inverse[:, None]
    denominator = contrasts.T @ scaled / cells.n
    if np.linalg.cond(denominator) > 1 / SINGULAR:
        return None
    effects: Floats = np.linalg.solve(denominator, scaled.T @ cells.covariance @ scaled)
    return effects


def _rao_scott(cells: Cells, effects: Floats) -> dict[str, Association]:
    statistic, trace = pearson(cells), float(np.trace(effects))
    freedom = trace**2 / float(np.trace(effects @ effects))
    ratio, first = statistic / trace, statistic / (trace / cells.freedom)
    below = freedom * cells.df
    return {
        "pearson_f": Association(ratio, freedom, below, float(stats.f.sf(ratio, freedom, below))),
        "pearson_second_order": Association(
            ratio * freedom, freedom, np.inf, float(stats.chi2.sf(ratio * freedom, freedom))
        ),
        "pearson_first_order": Association(
            first, cells.freedom, np.inf, float(stats.chi2.sf(first, cells.freedom))
        ),
    }


def _wald(cells: Cells) -> dict[str, Association] | None:
    """Of the counts less expected, but for the first row and column, which follow from them."""
    counts, k = cells.counts, cells.freedom
    rows, columns = counts.shape
    in_row = np.kron(np.eye(rows), np.ones(columns))
    in_column = np.kron(np.ones(rows), np.eye(columns))
    row, column, total = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    expected = np.outer(row, column) / total
    slope = (
        np.eye(rows * columns)
        - (in_column.T @ column / total)[:, None] * (in_row.T @ in_row)
        - (in_row.T @ row / total)[:, None] * (in_column.T @ in_column)
        + expected.ravel()[:, None] / total
    )
    inner = np.arange(rows * columns).reshape(rows, columns)[1:, 1:].ravel()
    excess = (counts - expected).ravel()[inner]
    covariance = (slope @ cells.count_covariance @ slope.T)[np.ix_(inner, inner)]
    spare = cells.df - k + 1
    if spare <= 0 or is_singular(covariance):
        return None
    plain = float(excess @ np.linalg.solve(covariance, excess)) / k
    adjusted = plain * spare / cells.df
    return {
        "wald": Association(plain, k, cells.df, float(stats.f.sf(plain, k, cells.df))),
        "adjusted_wald": Association(adjusted, k, spare, float(stats.f.sf(adjusted, k, spare))),
    }


def is_singular(covariance: Floats) -> bool:
    spread = np.sqrt(np.diag(covariance))
    if not (spread > 0).all():
        return True
    return bool(np.linalg.cond(covariance / np.outer(spread, spread)) > 1 / SINGULAR)
