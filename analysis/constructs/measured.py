"""A measure: values of n firms with what they mean."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["continuous", "binary", "category"]
Values = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One variable that plans may name.

    Attributes
    ----------
    values : (n,) floats with NaN for missing, or objects (code texts, None) for a category
    definition, source, missing_rule : sentences for the codebook
    scale : geographic scale the measure belongs to, or empty
    codes : (code, label) of a category, in codebook order
    """

    name: str
    values: Values
    kind: Kind
    label: str
    definition: str = ""
    source: str = ""
    missing_rule: str = ""
    scale: str = ""
    codes: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """(n,) whether the firm has no value."""
        if self.kind == "category":
            return np.array([value is None or value != value for value in self.values], dtype=bool)
        return np.asarray(np.isnan(self.values.astype(float)), dtype=bool)


ALL_MISSING = "Missing if every answer it is made of is missing; otherwise a blank counts as no."
ANY_MISSING = "Missing if the answer is missing."


def count_true(cells: Floats) -> Floats:
    """(n,) number of cells that are 1 in each row of (n, m); missing if every cell is."""
    if cells.shape[1] == 0:
        return np.full(cells.shape[0], np.nan)
    counts = (cells == 1).sum(axis=1)
    return np.where(np.isnan(cells).all(axis=1), np.nan, counts)


def any_true(cells: Floats) -> Floats:
    """(n,) 1 if any cell is 1, missing if every cell is missing, else 0."""
    counts = count_true(cells)
    return np.where(np.isnan(counts), np.nan, (counts > 0).astype(float))
