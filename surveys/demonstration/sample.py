"""How the made population is sampled, and who of the sample answers."""

from dataclasses import dataclass

import numpy as np

from surveys.demonstration.population import (
    INDUSTRIES,
    REGIONS,
    SIZE_CLASSES,
    Floats,
    Integers,
    Population,
)
from surveys.sampling import SamplePlan, StratumKey, allocate

PLAN = SamplePlan(size=2_000, minimum=10, take_all=("large",), power=0.6)
RESPONDENTS = 1_200
FEWEST_RESPONDENTS = 6
"""In every stratum: enough for a variance within it."""

_RESPONSE_RATES = {"capital": 0.35, "coast": 0.65, "inland": 0.85}


@dataclass(frozen=True, slots=True, eq=False)
class Responding:
    """The r firms that answer.

    Attributes
    ----------
    firm : (r,) integers
        Positions in the population.
    weight : (r,) floats
        N_h / r_h: a simple random sample of respondents within a simple random sample of
        the stratum is a simple random sample of the stratum.
    stratum : (r,) integers
    population : (r,) floats
        N_h of the firm's stratum.
    """

    firm: Integers
    weight: Floats
    stratum: Integers
    population: Floats


def stratum_keys() -> tuple[StratumKey, ...]:
    """The 36 strata, in the order of `Population.stratum`."""
    return tuple(
        StratumKey(size_class, industry, region)
        for size_class in SIZE_CLASSES
        for industry in INDUSTRIES
        for region in REGIONS
    )


def respondents_by_stratum(drawn: dict[StratumKey, int]) -> dict[StratumKey, int]:
    """r_h of every stratum: 1,200 in all, at rates that differ by region."""
    return allocate(
        drawn,
        total=RESPONDENTS,
        minimum=FEWEST_RESPONDENTS,
        deviations={key: _RESPONSE_RATES[key.region] for key in drawn},
    )


def responding(population: Population, seed: int) -> Responding:
    """Respondents of one sample, drawn at once: for simulation, where nobody else matters."""
    random = np.random.default_rng([seed, 2])
    keys = stratum_keys()
    counts = np.bincount(population.stratum, minlength=len(keys))
    frame = {key: int(count) for key, count in zip(keys, counts, strict=True)}
    drawn = allocate(
        frame,
        total=PLAN.size,
        minimum=PLAN.minimum,
        take_all={key for key in keys if key.size_class in PLAN.take_all},
        power=PLAN.power,
    )
    answering = respondents_by_stratum(drawn)
    r = np.array([answering[key] for key in keys])
    order = np.lexsort((random.random(len(population.stratum)), population.stratum))
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rank = np.arange(len(order)) - first[population.stratum[order]]
    chosen = np.sort(order[rank < r[population.stratum[order]]])
    stratum = population.stratum[chosen]
    size = counts.astype(float)
    return Responding(chosen, size[stratum] / r[stratum], stratum, size[stratum])
