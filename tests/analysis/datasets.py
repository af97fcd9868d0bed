"""Small data sets in construct space, written by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.dataset import Dataset, Variable

_DIMENSIONS = {
    "networking.cooperation": ("partner", "scale"),
    "sourcing.importance": ("source",),
    "sourcing.scale": ("source", "scale"),
    "innovation.product": ("kind",),
    "innovation.novelty": ("kind",),
    "innovation.process": ("type",),
    "innovation.turnover_share": ("newness",),
    "research.bought": ("place",),
}
_BINARY = {
    "networking.cooperation", "sourcing.scale", "innovation.product", "innovation.process",
    "control.group", "research.any", "research.bought",
}  # fmt: skip
_CATEGORIES = {"control.industry", "control.region", "control.size_class"}

# One column of every construct that a measure is made of; one firm that says yes to all.
EVERY_CONSTRUCT = {
    "networking.cooperation[suppliers,local]": [1],
    "sourcing.importance[suppliers]": [1],
    "sourcing.scale[suppliers,local]": [1],
    "innovation.product[good]": [1],
    "innovation.process[logistics]": [1],
    "innovation.novelty[good]": [1],
    "innovation.turnover_share[new_to_market]": [1],
    "control.employment": [1],
    "control.age": [1],
    "control.foreign_share": [1],
    "control.export_share": [1],
    "control.group": [1],
    "control.graduate_share": [1],
    "research.inside": [1],
}


def dataset_of(
    columns: Mapping[str, Sequence[Any]],
    *,
    weight: Sequence[float] | None = None,
    stratum: Sequence[str] | None = None,
    population: Sequence[float] | None = None,
    codes: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Dataset:
    """A data set of the columns; None stands for missing."""
    count = len(next(iter(columns.values())))
    index = pd.Index([f"F{number:04}" for number in range(count)], dtype=object)
    variables = tuple(_variable(name, (codes or {}).get(name, ())) for name in columns)
    frame = pd.DataFrame(
        {
            variable.name: pd.Series(
                list(columns[variable.name]),
                index=index,
                dtype=object if variable.measure == "category" else float,
            )
            for variable in variables
        }
    )
    design = pd.DataFrame(
        {
            "weight": list([1.0] * count if weight is None else weight),
            "stratum": pd.Series(
                list(["all"] * count if stratum is None else stratum), dtype=object
            ).to_numpy(),
            "cluster": index.to_numpy(),
            "population": list([float("nan")] * count if population is None else population),
        },
        index=index,
    )
    return Dataset(frame, variables, design, dict(provenance or {}), "fingerprint-of-extract")


def _variable(name: str, codes: tuple[tuple[str, str], ...]) -> Variable:
    construct, _, rest = name.partition("[")
    places = rest.rstrip("]").split(",") if rest else []
    measure = (
        "binary" if construct in _BINARY else "category" if construct in _CATEGORIES else "number"
    )
    return Variable(
        name=name,
        construct=construct,
        measure=measure,
        label=name,
        coordinates=tuple(zip(_DIMENSIONS.get(construct, ()), places, strict=True)),
        codes=codes,
    )
