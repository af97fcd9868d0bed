"""A formula on the columns of a data frame: the way to a design matrix in a notebook."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.constructs.measured import Kind, Measured
from analysis.estimation.design_matrix import DesignMatrix
from analysis.refusals import Refusal
from analysis.specification.columns import ColumnBuilder
from analysis.specification.computing import known
from analysis.specification.formula import parse_formula


def matrix_from(
    frame: pd.DataFrame, formula: str, *, labels: Mapping[str, str] | None = None
) -> DesignMatrix:
    """The design matrix of a formula in the grammar of plans, on the rows of a data frame.

    Columns of text are categories, columns of nothing but 0, 1 and missing are yes or no, all
    others are numbers. Rows with a missing value stay, as NaN.

    Raises: Refusal of `parse_formula`; ``unknown_term``, ``not_a_number``, ``not_a_category``.
    """
    parsed = parse_formula(formula)
    vocabulary = {
        str(name): _measured(str(name), column, (labels or {}).get(str(name), str(name)))
        for name, column in frame.items()
        if str(name) in parsed.variables
    }
    complete = np.ones(len(frame), dtype=bool)
    for name in parsed.variables:
        complete &= ~known(name, vocabulary).missing
    return ColumnBuilder(vocabulary, complete).matrix(parsed, len(frame))


def _measured(name: str, column: "pd.Series[Any]", label: str) -> Measured:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        given = values[~np.isnan(values)]
        kind: Kind = "binary" if np.isin(given, (0.0, 1.0)).all() else "continuous"
        return Measured(name, values, kind, label)
    if pd.api.types.is_datetime64_any_dtype(column):
        raise Refusal(
            "not_a_number",
            f"'{name}' holds dates, which no formula takes.",
            "Compute a number from it first, such as an age in years.",
        )
    missing = column.isna().to_numpy()
    texts = np.array(
        [None if gone else str(value) for value, gone in zip(column, missing, strict=True)],
        dtype=object,
    )
    return Measured(name, texts, "category", label)
