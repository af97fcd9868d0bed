"""Columns that can be told apart on some of the rows, and least squares on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.blocks import Block
from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import coordinates, inverse_information, weighted_moments
from analysis.estimation.design_matrix import Column
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows
from analysis.estimation.outcomes import PERFECT_FIT
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

REFINEMENTS = 3


def independent_block(
    columns: Sequence[Column], X: Floats, rows: Rows, sample: Sample, *, still: str = ""
) -> tuple[Block, tuple[str, ...]]:
    """The block of columns that are independent on the rows, and notes on those dropped.

    X is (m, k), the first column constant; rows that take no part are set to zero. What is
    kept, and the coordinates, do not depend on weights: replicates must have the same. `still`
    says of a constant column, after "it", what it does.
    """
    asked = np.asfortranarray(X[rows])
    ones = np.ones(len(asked))
    terms = [sample.wording.term(column.name) for column in columns]
    dropped = aliased(asked, ones, weighted_moments(asked, ones), terms)
    kept = [position for position in range(len(columns)) if position not in dropped]
    _refuse_too_few(len(asked), len(kept))
    asked = np.asfortranarray(asked[:, kept])
    Z = np.zeros((len(X), len(kept)), order="F")
    Z[rows], back = coordinates(asked, ones, weighted_moments(asked, ones))
    filled = np.zeros_like(Z)
    filled[rows] = asked
    constant = np.ptp(X[rows], axis=0) == 0
    reasons = {each: still if still and constant[each] else why for each, why in dropped.items()}
    notes = tuple(f"{terms[each]} was dropped: it {why}." for each, why in reasons.items())
    return Block("", tuple(columns[position] for position in kept), filled, Z, back), notes


def _refuse_too_few(rows: int, kept: int) -> None:
    if kept >= rows:
        raise Refusal(
            "too_few_rows",
            f"The model has {kept} terms, and {rows} firm-waves can be used for it.",
            "Leave terms out or widen the subpopulation.",
        )


def with_columns(block: Block, X: Floats) -> Block:
    """The block with other values in its columns, (m, k), and the same coefficients."""
    X = np.asfortranarray(X)
    return Block(block.role, block.columns, X, np.asfortranarray(X @ block.back), block.back)


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """Coefficients of Z, (k,), their bread, (k, k), and residuals, (m,)."""

    coefficients: Floats
    bread: Floats
    residual: Floats


def least_squares(y: Floats, Z: Floats, weight: Floats) -> LeastSquares:
    """Weighted least squares; rows of Z and y that are zero take no part."""
    bread = inverse_information(Z, weight)
    coefficients = np.zeros(Z.shape[1])
    for _ in range(REFINEMENTS):
        coefficients = coefficients + bread @ (Z.T @ (weight * (y - Z @ coefficients)))
    return LeastSquares(coefficients, bread, y - Z @ coefficients)


def refuse_reproduced(y: Floats, residual: Floats, weight: Floats, sample: Sample) -> None:
    """Refuse terms that leave nothing of the variation of y, of mean zero, unexplained."""
    if weight @ residual**2 <= PERFECT_FIT**2 * (weight @ y**2):
        raise Refusal(
            "perfect_fit",
            f"The terms reproduce {sample.wording.outcome} exactly: it is one of them, or a sum "
            "of them.",
            "Leave out the terms from which the outcome was computed.",
        )


def plain_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Columns that read no variable: an average marginal effect leaves them as they are."""
    return tuple(Column(name) for name in names)
