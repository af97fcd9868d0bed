"""From cells of constructs to the variables of the theory. Pure: no Django, no I/O."""

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.constructs.absorptive_capacity import absorptive_capacity
from analysis.constructs.accessibility import accessibility
from analysis.constructs.buzz_and_pipelines import buzz_and_pipelines
from analysis.constructs.catalogue import CATALOGUE, FAMILIES, what_is_lacking
from analysis.constructs.collective_learning import collective_learning
from analysis.constructs.composition import composition
from analysis.constructs.controls import controls
from analysis.constructs.ego_networks import ego_networks
from analysis.constructs.embeddedness import embeddedness
from analysis.constructs.entry import Entry
from analysis.constructs.innovator_types import innovator_types
from analysis.constructs.knowledge_base import knowledge_base
from analysis.constructs.measured import ANY_MISSING, Kind, Measured
from analysis.constructs.modes import modes
from analysis.constructs.networking import networking
from analysis.constructs.outcomes import outcomes
from analysis.constructs.over_waves import barred, measures_over_waves
from analysis.constructs.partner_turnover import partner_turnover
from analysis.constructs.places import Crosswalk, scale_words
from analysis.constructs.proximities import proximities
from analysis.dataset import Dataset, Variable

__all__ = [
    "CATALOGUE",
    "FAMILIES",
    "Entry",
    "Kind",
    "Measured",
    "measures",
    "partner_turnover",
    "scale_words",
    "vocabulary",
    "what_is_lacking",
]


def measures(dataset: Dataset, scales: Crosswalk | None = None) -> dict[str, Measured]:
    """Every derived measure that the data set's constructs allow, by name."""
    if dataset.waves:
        return measures_over_waves(dataset, scales or {}, measures)
    found = {measure.name: measure for measure in _first(dataset, scales or {})}
    return found | {measure.name: measure for measure in innovator_types(dataset, found)}


def _first(dataset: Dataset, crosswalk: Crosswalk) -> Iterator[Measured]:
    """The measures that rest on answers alone, in the order of the codebook."""
    yield from networking(dataset, crosswalk)
    yield from composition(dataset, crosswalk)
    yield from modes(dataset, crosswalk)
    yield from buzz_and_pipelines(dataset)
    yield from proximities(dataset)
    yield from ego_networks(dataset, crosswalk)
    yield from outcomes(dataset)
    yield from controls(dataset)
    yield from collective_learning(dataset)
    yield from knowledge_base(dataset)
    yield from embeddedness(dataset)
    yield from absorptive_capacity(dataset)
    yield from accessibility(dataset, crosswalk)


def vocabulary(
    dataset: Dataset, scales: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Measured]:
    """All that a plan may name: the derived measures, then the columns as they are bound.

    Of a panel also what waves asked otherwise, with the reason why no plan may name it.
    """
    columns = {variable.name: _as_bound(dataset, variable) for variable in dataset.variables}
    return measures(dataset, scales) | columns | barred(dataset)


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
        definition=_as_answered(dataset, variable),
        missing_rule=ANY_MISSING,
        scale=dict(variable.coordinates).get("scale", ""),
        codes=variable.codes,
        needs=((variable.construct,),),
    )


def _as_answered(dataset: Dataset, variable: Variable) -> str:
    """That the column is an answer as it was given; of a panel, which waves did not ask it."""
    without = [
        str(wave.get("wave_title") or wave["wave"])
        for wave in dataset.waves
        if variable.name in wave["not_asked"]
    ]
    return f"As answered. Not asked in {', '.join(without)}." if without else "As answered."
