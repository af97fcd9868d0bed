"""Blocks: the firms' columns of one linear predictor of a model."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.coordinates import coordinates, weighted_moments
from analysis.estimation.design_matrix import INTERCEPT, Column
from analysis.estimation.estimates import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """m firms by the k linearly independent columns of one linear predictor.

    Attributes
    ----------
    role : which equation it is: "" for the main one, else "selection", "inflation", ...
    columns : the k columns, the intercept first
    X : (m, k) floats
    Z : (m, k) floats, the same space in coordinates fit for arithmetic
    back : (k, k) floats; coefficients b of Z are coefficients ``back @ b`` of X
    is_ancillary : True for a single parameter, such as the logarithm of a variance
    """

    role: str
    columns: tuple[Column, ...]
    X: Floats
    Z: Floats
    back: Floats
    is_ancillary: bool = False

    @property
    def width(self) -> int:
        return int(self.Z.shape[1])

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the coefficients, unique in a model: ``selection|exporter``."""
        if self.is_ancillary:
            return (self.role,)
        lead = f"{self.role}|" if self.role else ""
        return tuple(f"{lead}{column.name}" for column in self.columns)


def block(role: str, columns: tuple[Column, ...], X: Floats, weight: Floats) -> Block:
    """The block of linearly independent columns, the first of them constant."""
    Z, back = coordinates(X, weight, weighted_moments(X, weight))
    return Block(role, columns, X, Z, back)


def ancillary(role: str, count: int) -> Block:
    """One parameter that all `count` firms share, as a linear predictor of an intercept."""
    ones = np.ones((count, 1))
    return Block(role, (Column(INTERCEPT),), ones, ones, np.eye(1), is_ancillary=True)


def copied(original: Block, role: str) -> Block:
    """The same columns in another role: a level of a multinomial logit."""
    return Block(role, original.columns, original.X, original.Z, original.back)
