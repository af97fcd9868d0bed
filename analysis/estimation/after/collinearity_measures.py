"""How nearly the terms of a model follow from one another."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design_matrix import Column
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

LARGE_INFLATION = 10.0
LARGE_INDEX, LARGE_SHARE = 30.0, 0.5


@dataclass(frozen=True, slots=True)
class Inflation:
    """What the other terms do to the variance of one.

    Attributes
    ----------
    term : a column, or ``variable[...]`` for the indicators of a category together
    columns : how many columns it has
    factor : by how much the (generalised) variance is larger than without the others
    scaled : ``factor ** (1 / (2 columns))``, comparable between terms; the root of the
        ordinary factor for one column
    """

    term: str
    columns: int
    factor: float

    @property
    def scaled(self) -> float:
        return float(self.factor ** (1 / (2 * self.columns)))


def variance_inflation(model: Model) -> tuple[Inflation, ...]:
    r"""Variance inflation factors of the terms of the main equation, under the weights.

    The indicators of a category count together (Fox and Monette 1992), so that the base does
    not matter. Of the regressors alone, whatever the estimator.

    Raises: Refusal ``no_terms``, if the model has but an intercept.

    Notes
    -----
    With R the weighted correlations of the columns, R_1 those of the term and R_2 those of the
    others: det(R_1) det(R_2) / det(R).
    """
    sample = model.fitted.sample
    groups = _groups(sample.columns)
    if not groups:
        raise Refusal(
            "no_terms", "The model has no terms beside the intercept.", "Estimate one that has."
        )
    X = sample.X[:, 1:]
    centred = X - sample.weight @ X / sample.weight.sum()
    moments = (centred.T * sample.weight) @ centred
    scale = np.sqrt(np.diag(moments))
    correlation = moments / np.outer(scale, scale)
    whole = _log_determinant(correlation)
    result = []
    for term, places in groups.items():
        others = [place for place in range(X.shape[1]) if place not in places]
        parts = _log_determinant(correlation[np.ix_(places, places)])
        parts += _log_determinant(correlation[np.ix_(others, others)])
        result.append(Inflation(term, len(places), float(np.exp(parts - whole))))
    return tuple(result)


def _groups(columns: tuple[Column, ...]) -> dict[str, list[int]]:
    """Places of the columns, the intercept not counted, by the term that they belong to."""
    found: dict[Hashable, list[int]] = {}
    for place, column in enumerate(columns[1:]):
        key = tuple((each.variable, each.transform, each.exponent) for each in column.factors)
        found.setdefault(key, []).append(place)
    return {_name(columns[1 + places[0]], len(places)): places for places in found.values()}


def _name(first: Column, count: int) -> str:
    if count == 1:
        return first.name
    return ":".join(
        f"{each.variable}[...]" if each.transform == "indicator" else each.variable
        for each in first.factors
    )


def _log_determinant(matrix: Floats) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if len(matrix) else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class ConditionIndices:
    """Near dependencies among the k columns, the intercept among them.

    Attributes
    ----------
    terms : k names
    indices : (k,) floats, rising from 1: the largest singular value over each
    shares : (k, k) floats; row j says what share of each term's variance comes with index j
    """

    terms: tuple[str, ...]
    indices: Floats
    shares: Floats

    def dependencies(self) -> tuple[tuple[float, tuple[str, ...]], ...]:
        """Indices above 30 with the terms, two or more, that have half their variance there."""
        found = []
        for index, shares in zip(self.indices, self.shares, strict=True):
            terms = tuple(
                term for term, share in zip(self.terms, shares, strict=True) if share > LARGE_SHARE
            )
            if index > LARGE_INDEX and len(terms) > 1:
                found.append((float(index), terms))
        return tuple(found)


def condition_indices(model: Model) -> ConditionIndices:
    """Belsley, Kuh and Welsch (1980), chapter 3, of the main equation's columns.

    Each column, with the root of the weights and not centred, is brought to length one.
    """
    sample = model.fitted.sample
    columns = np.sqrt(sample.weight)[:, None] * sample.X
    columns = columns / np.linalg.norm(columns, axis=0)
    _, lengths, directions = np.linalg.svd(columns, full_matrices=False)
    parts = (directions / lengths[:, None]) ** 2
    return ConditionIndices(
        terms=sample.names, indices=lengths[0] / lengths, shares=parts / parts.sum(axis=0)
    )
