"""The made firms of firms.csv as plans name them, and what R said of their tables."""

import numpy as np
import pandas as pd

from analysis.constructs.measured import Measured
from tests.witness import firms

KINDS = {
    "employment": "continuous",
    "growth": "continuous",
    "local": "continuous",
    "graduates": "continuous",
    "product": "binary",
    "exporter": "binary",
    "industry": "category",
}


def vocabulary() -> dict[str, Measured]:
    data = firms.firms()
    return {
        name: Measured(
            name=name,
            values=(
                data[name].to_numpy(dtype=object)
                if kind == "category"
                else data[name].to_numpy(dtype=float)
            ),
            kind=kind,
            label=name.capitalize(),
        )
        for name, kind in KINDS.items()
    }


def said(table: str, variable: str, column: str, quantity: str) -> float:
    """One number of R's."""
    told = firms.witness("composed").fillna({"column": ""})
    asked = {"table": table, "variable": variable, "column": column, "quantity": quantity}
    rows = pd.Series(np.logical_and.reduce([told[k] == v for k, v in asked.items()]))
    (value,) = told.loc[rows, "value"]
    return float(value)
