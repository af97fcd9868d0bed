"""The codebook of the measures that a wave allows, and of those it lacks, as a document."""

from dataclasses import asdict
from typing import Any

import numpy as np

from analysis.constructs.catalogue import CATALOGUE, what_is_lacking
from analysis.constructs.entry import range_words
from analysis.constructs.examination import examined
from analysis.constructs.measured import Measured
from analysis.dataset import Dataset


def codebook(
    dataset: Dataset, found: dict[str, Measured], *, reliability: bool = False
) -> dict[str, Any]:
    """Every measure of the wave with its definition and n, and why each other is lacking.

    With `reliability` the indices are looked at, under the design weights and their replicates.
    """
    document = {
        "firms": len(dataset.frame),
        "measures": [_line(measure) for measure in found.values()],
        "lacking": _lacking(dataset, found),
    }
    if reliability:
        document["reliability"] = _reliability(dataset, found)
    return document


def _line(measure: Measured) -> dict[str, Any]:
    return {
        "name": measure.name,
        "label": measure.label,
        "kind": measure.kind,
        "definition": measure.definition,
        "source": measure.source,
        "range": range_words(measure.range),
        "missing_rule": measure.missing_rule,
        "made_of": [list(either) for either in measure.needs],
        "n": int((~measure.missing).sum()),
    }


def _lacking(dataset: Dataset, found: dict[str, Measured]) -> list[dict[str, str]]:
    made = {(name.partition(".")[0], "." in name) for name in found}
    held = [*found, *(variable.name for variable in dataset.variables)]
    return [
        {"name": entry.name, "why": what_is_lacking(entry.name, held)}
        for entry in CATALOGUE
        if (entry.stem, bool(entry.dimension)) not in made
    ]


def _reliability(dataset: Dataset, found: dict[str, Measured]) -> list[dict[str, Any]]:
    weight = dataset.design["weight"].to_numpy(dtype=float)
    looked_at = (examined(each, weight, dataset.replicates) for each in found.values())
    return [_finite(asdict(each)) for each in looked_at if each is not None]


def _finite(value: Any) -> Any:
    """The document without NaN, which JSON has no word for."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
