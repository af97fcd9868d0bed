"""Variables as columns of the matrix that predicts others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.design import Rows
from analysis.estimation.design_matrix import Values
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.recipe import Kind


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one variable becomes columns.

    A category has an indicator for each level but the first; every other kind is one column, in
    standard deviations from the mean of what was observed. Where the question was not asked
    these are zero, and a column of its own says so.

    Attributes
    ----------
    levels : of a category
    has_gaps : whether the question was not asked of some firms
    """

    name: str
    centre: float = 0.0
    scale: float = 1.0
    levels: tuple[Any, ...] = ()
    has_gaps: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        own = tuple(f"{self.name}[{level}]" for level in self.levels[1:]) or (self.name,)
        return (*own, f"{self.name}[not asked]") if self.has_gaps else own

    def columns(self, values: Values) -> Floats:
        """(n, c) floats."""
        own: Floats
        if self.levels:
            own = (values[:, None] == np.array(self.levels[1:], dtype=object)).astype(float)
        else:
            own = ((values - self.centre) / self.scale)[:, None]
        if not self.has_gaps:
            return own
        gap = missing(values)
        own[gap] = 0.0
        return np.column_stack([own, gap])


def encoding(name: str, kind: Kind, values: Values, *, has_gaps: bool) -> Encoding:
    """The encoding that suits the observed values."""
    if kind == "category":
        return Encoding(name, levels=levels_of(values), has_gaps=has_gaps)
    seen = values[~missing(values)]
    spread = float(seen.std()) if len(seen) else 0.0
    return Encoding(
        name, float(seen.mean()) if len(seen) else 0.0, spread or 1.0, has_gaps=has_gaps
    )


def levels_of(values: Values) -> tuple[Any, ...]:
    """The levels that occur, sorted."""
    return tuple(sorted(set(values[~missing(values)].tolist())))


def as_values(values: Any, kind: Kind) -> Values:
    """(n,) objects of a category, floats of anything else; a copy."""
    if kind == "category":
        return np.array(values, dtype=object)
    return np.array(values, dtype=float)


def kind_of(values: Values) -> Kind:
    """Of a derived measure: a category if it holds words."""
    return "continuous" if values.dtype.kind in "biuf" else "category"


def missing(values: Values) -> Rows:
    """(n,) booleans."""
    return np.asarray(pd.isna(values), dtype=bool)


def indicators(codes: Values, count: int) -> Floats:
    """(n, count) floats, one in the column of each row's code."""
    result: Floats = (codes[:, None] == np.arange(count)).astype(float)
    return result


def stacked(parts: Sequence[Floats], count: int) -> Floats:
    """(count, k) columns side by side."""
    return np.column_stack(parts) if parts else np.empty((count, 0))
