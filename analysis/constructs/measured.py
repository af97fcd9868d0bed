"""A measure: values of n firms with what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["continuous", "binary", "category"]
Values = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]
Needs = tuple[tuple[str, ...], ...]
Range = tuple[float, float] | str


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One variable that plans may name.

    Attributes
    ----------
    values : (n,) floats with NaN for missing, or objects (code texts, None) for a category
    definition, source, missing_rule : sentences for the codebook
    scale : geographic scale the measure belongs to, or empty
    codes : (code, label) of a category, in codebook order
    range : lowest and highest value there can be, or a sentence where that is not two numbers
    needs : constructs it is made of; of each inner tuple any one is enough
    parts : of an index, the (n,) floats that it averages, by name, all in one direction
    reflective : whether the parts are signs of one thing, so that they should go together; the
        parts of an index that is not add up to it and need not agree
    barred : why no plan may name it, if none may
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
    range: Range = ""
    needs: Needs = ()
    parts: Mapping[str, Floats] = field(default_factory=dict)
    reflective: bool = True
    barred: str = ""

    @property
    def missing(self) -> Rows:
        """(n,) whether the firm has no value."""
        if self.kind == "category":
            return np.array([value is None or value != value for value in self.values], dtype=bool)
        return np.asarray(np.isnan(self.values.astype(float)), dtype=bool)


ALL_MISSING = "Missing if every answer it is made of is missing; otherwise a blank counts as no."
ANY_MISSING = "Missing if the answer is missing."
NO_PARTS = "Missing if any of its parts is missing."


def count_true(cells: Floats) -> Floats:
    """(n,) number of cells that are 1 in each row of (n, m); missing if every cell is."""
    if cells.shape[1] == 0:
        return np.full(cells.shape[0], np.nan)
    counts = (cells == 1).sum(axis=1)
    return np.where(np.isnan(cells).all(axis=1), np.nan, counts)


def any_true(cells: Floats) -> Floats:
    """1 if any cell of the last axis is 1, missing if every cell is missing, else 0."""
    yes = (cells == 1).any(axis=-1).astype(float)
    return np.where(np.isnan(cells).all(axis=-1), np.nan, yes)


def both(first: Floats, second: Floats) -> Floats:
    """1 where both are 1, 0 where either is 0, else missing."""
    no = (first == 0) | (second == 0)
    return np.where(no, 0.0, np.where(np.isnan(first) | np.isnan(second), np.nan, 1.0))


def where_known(values: Floats, test: Values) -> Floats:
    """The test as 0 and 1, missing where the value is."""
    return np.where(np.isnan(values), np.nan, test.astype(float))


def ratio(part: Floats, whole: Floats) -> Floats:
    """Part over whole; missing where the whole is 0, for nothing has no shares."""
    known = (whole > 0) & ~np.isnan(part)
    shares: Floats = np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=known)
    return shares


def mean_given(cells: Floats) -> Floats:
    """(n,) mean of the cells of (n, m) that are there; missing if none is."""
    given = ~np.isnan(cells)
    return ratio(np.where(given, cells, 0.0).sum(axis=1), given.sum(axis=1).astype(float))


def mean_of_all(cells: Floats) -> Floats:
    """(n,) mean of the cells of (n, m); missing if any is."""
    return np.asarray(cells.mean(axis=1))
