"""Small data sets in construct space, written by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.dataset import Dataset, Roster, Variable
from surveys.questionnaire.constructs import CATALOGUE

# Columns of every construct that a measure is made of; one firm that says yes to all.
EVERY_CONSTRUCT = {
    "networking.cooperation[suppliers,local]": [1],
    "networking.cooperation[suppliers,europe]": [1],
    "networking.cooperation[competitors,local]": [1],
    "networking.cooperation[competitors,europe]": [1],
    "networking.cooperation[universities,local]": [1],
    "networking.cooperation[universities,europe]": [1],
    "networking.purpose[suppliers,research]": [1],
    "networking.partners[suppliers,local]": [2],
    "networking.partner_pairs": [1],
    "networking.ties_by_beginning[trade,local]": [2],
    "sourcing.importance[suppliers]": [1],
    "sourcing.scale[suppliers,local]": [1],
    "tie.beginning_year[local]": [2010],
    "tie.meetings[local]": [4],
    "tie.cognitive[local]": [2],
    "tie.social[local]": [2],
    "contact.place[suppliers]": ["europe"],
    "contact.meetings[suppliers]": [4],
    "contact.age[suppliers]": [7],
    "informal.frequency[talks]": [2],
    "informal.scale[talks,local]": [1],
    "informal.untraded[rules]": [1],
    "informal.untraded[labour]": [1],
    "proximity.cognitive[local]": [2],
    "proximity.organisational[local]": [2],
    "proximity.social[local]": [2],
    "proximity.institutional[local]": [2],
    "proximity.geographical[local]": [2],
    "trust.partners[local]": [3],
    "trust.reciprocity": [3],
    "trust.sharing[customers]": [3],
    "trust.belonging[place]": [3],
    "trust.belonging[regional]": [3],
    "trust.failure_accepted[around]": [3],
    "mobility.hires": [4],
    "mobility.leavers": [2],
    "mobility.hires_scale[local]": [3],
    "mobility.hires_origin[rivals]": [1],
    "access.airport_minutes": [45],
    "access.connection": [3],
    "access.importance[fairs]": [2],
    "access.scale[fairs,local]": [1],
    "knowledge.base[analytical]": [60],
    "knowledge.writable": [70],
    "knowledge.usable_outside": [0],
    "learning.trained_share": [40],
    "innovation.product[good]": [1],
    "innovation.process[production]": [1],
    "innovation.process[logistics]": [1],
    "innovation.process[information]": [1],
    "innovation.process[administration]": [1],
    "innovation.process[external]": [1],
    "innovation.process[organisation]": [1],
    "innovation.process[marketing]": [1],
    "innovation.novelty[good]": [1],
    "innovation.turnover_share[new_to_market]": [1],
    "innovation.turnover_share[new_to_firm]": [1],
    "innovation.unfinished[ongoing]": [1],
    "innovation.unfinished[dropped]": [1],
    "control.employment": [1],
    "control.employment_first": [1],
    "control.turnover": [10],
    "control.turnover_first": [10],
    "control.age": [1],
    "control.foreign_share": [1],
    "control.export_share": [1],
    "control.group": [1],
    "control.graduate_share": [1],
    "control.anchored": [2],
    "control.spin_off": ["firm"],
    "control.spin_off_scale": ["local"],
    "control.spin_off_contact": [3],
    "research.inside": [1],
    "research.spending": [1],
    "research.staff": [1],
}


def dataset_of(
    columns: Mapping[str, Sequence[Any]],
    *,
    weight: Sequence[float] | None = None,
    stratum: Sequence[str] | None = None,
    population: Sequence[float] | None = None,
    codes: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
    provenance: Mapping[str, Any] | None = None,
    rosters: Sequence[Roster] = (),
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
                dtype=object if variable.measure in ("category", "text") else float,
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
    return Dataset(
        frame,
        variables,
        design,
        dict(provenance or {}),
        "fingerprint-of-extract",
        rosters=tuple(rosters),
    )


def roster_of(
    entries: Sequence[Mapping[str, Any]], *, asked: Sequence[int], wave: str = "2025"
) -> Roster:
    """A roster of partners; `firm` of an entry is its number among those of `dataset_of`.

    The unit of a firm is its pseudonym, so that two such rosters are of the same firms.
    """
    names = list(dict.fromkeys(name for entry in entries for name in entry if name != "firm"))
    rows = [{"wave": wave, "entry": f"e{place}", **entry} for place, entry in enumerate(entries)]
    index = pd.Index([f"F{row['firm']:04}" for row in rows], dtype=object)
    columns = list(dict.fromkeys(["wave", "entry", *names]))
    frame = pd.DataFrame(
        [[row.get(name) for name in columns] for row in rows],
        index=index,
        columns=columns,
        dtype=object,
    )
    frame.insert(0, "unit", index)
    numbers = [name for name in columns if name.startswith("tie.")]
    firms = tuple(f"F{number:04}" for number in asked)
    return Roster("ties", firms, firms, frame.astype(dict.fromkeys(numbers, float)))


def _variable(name: str, codes: tuple[tuple[str, str], ...]) -> Variable:
    construct, _, rest = name.partition("[")
    places = rest.rstrip("]").split(",") if rest else []
    return Variable(
        name=name,
        construct=construct,
        measure=CATALOGUE[construct].measure,
        label=name,
        coordinates=tuple(zip(CATALOGUE[construct].dimensions, places, strict=True)),
        codes=codes,
    )
