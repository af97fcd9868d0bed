"""From cells of constructs to the variables of the theory. Pure: no Django, no I/O."""

from collections.abc import Mapping

import numpy as np

from analysis.constructs.catalogue import CATALOGUE, what_is_lacking
from analysis.constructs.controls import controls
from analysis.constructs.measured import ANY_MISSING, Kind, Measured
from analysis.constructs.networking import networking, scale_words
from analysis.constructs.outcomes import outcomes
from analysis.dataset import Dataset, Variable

__all__ = [
    "CATALOGUE",
    "Kind",
    "Measured",
    "measures",
    "scale_words",
    "vocabulary",
    "what_is_lacking",
]


def measures(
    dataset: Dataset, scales: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Measured]:
    """Every derived measure that the data set's constructs allow, by name."""
    found = [*networking(dataset, scales or {}), *outcomes(dataset), *controls(dataset)]
    return {measure.name: measure for measure in found}


def vocabulary(
    dataset: Dataset, scales: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Measured]:
    """All that a plan may name: the derived measures, then the columns as they are bound."""
    columns = {variable.name: _as_bound(dataset, variable) for variable in dataset.variables}
    return measures(dataset, scales) | columns


def _as_bound(dataset: Dataset, variable: Variable) -> Measured:
    column = dataset.frame[variable.name]
    category = variable.measure in ("category", "text")
    kind: Kind = (
        "category" if category else "binary" if variable.measure == "binary" else "continuous"
    )
    values = (
        np.array(
            [None if value is None or value != value else str(value) for value in column],
            dtype=object,
        )
        if category
        else column.to_numpy(dtype=float)
    )
    return Measured(
        name=variable.name,
        values=values,
        kind=kind,
        label=variable.label,
        definition="As answered.",
        missing_rule=ANY_MISSING,
        scale=dict(variable.coordinates).get("scale", ""),
        codes=variable.codes,
    )
