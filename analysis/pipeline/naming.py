"""All that a plan may name of a data set: measures, answers, and profiles by rule."""

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.constructs import Measured, vocabulary
from analysis.dataset import Dataset
from analysis.estimation.estimates import Floats
from analysis.profiles.described import NOT_A_VERDICT
from analysis.profiles.recipes import TYPOLOGIES, Typology
from analysis.profiles.typologies import classified, cut, lacking

STEM = "profile"
UNDECIDED = "Missing where answers lack that the class hangs on."


def nameable(dataset: Dataset, scales: Mapping[str, tuple[str, ...]]) -> dict[str, Measured]:
    """The vocabulary, with ``profile.modes`` and its like where their measures are there."""
    known = vocabulary(dataset, scales)
    weight = dataset.design["weight"].to_numpy(dtype=float)
    return known | {each.name: each for each in _profiles(known, weight)}


def _profiles(known: Mapping[str, Measured], weight: Floats) -> Iterator[Measured]:
    usable = {name for name, each in known.items() if not each.barred}
    for typology in TYPOLOGIES.values():
        if not lacking(typology, usable):
            values = {name: known[name].values for name in typology.measures}
            yield _profile(typology, values, weight)


def _profile(typology: Typology, values: Mapping[str, Floats], weight: Floats) -> Measured:
    """The class of each firm by the first rule that it fulfils.

    Medians are of all firms of the data set under their weights, whatever the subpopulation, so
    that a firm is of one class in all of a plan.
    """
    indicators = cut(typology, values, weight, np.ones(len(weight), dtype=bool))
    codes = [(_code(name), name) for name in typology.names]
    of_firm = classified(typology, indicators)
    return Measured(
        name=f"{STEM}.{typology.key}",
        values=np.array([codes[at][0] if at >= 0 else None for at in of_firm], dtype=object),
        kind="category",
        label=typology.title.partition(":")[0],
        definition=f"{typology.caution} {NOT_A_VERDICT}",
        source=typology.source,
        missing_rule=UNDECIDED,
        codes=tuple((code, name[:1].upper() + name[1:]) for code, name in codes),
        range=", ".join(typology.names),
    )


def _code(name: str) -> str:
    return name.lower().replace(" ", "_")
