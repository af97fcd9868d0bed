"""Made data: firms with known coefficients, their sample, their answers. Pure.

Everything here follows from a seed. What an estimate can be held against stands in
`truth`; why the sample needs its weights, in `population` and `sample`.
"""

from surveys.demonstration.answers import answers_of
from surveys.demonstration.fieldwork import Story, tell
from surveys.demonstration.firms import Firm, firm_of
from surveys.demonstration.names import firm_names
from surveys.demonstration.population import (
    FIRMS,
    INDUSTRIES,
    REGIONS,
    SCALES,
    SIZE_CLASSES,
    Population,
    make_population,
    regressors,
)
from surveys.demonstration.sample import (
    PLAN,
    RESPONDENTS,
    Responding,
    respondents_by_stratum,
    responding,
    stratum_keys,
)
from surveys.demonstration.truth import PRODUCT_INNOVATION

SEED = 20_261_121
"""The seed of the demonstration."""

__all__ = [
    "FIRMS",
    "INDUSTRIES",
    "PLAN",
    "PRODUCT_INNOVATION",
    "REGIONS",
    "RESPONDENTS",
    "SCALES",
    "SEED",
    "SIZE_CLASSES",
    "Firm",
    "Population",
    "Responding",
    "Story",
    "answers_of",
    "firm_names",
    "firm_of",
    "make_population",
    "regressors",
    "respondents_by_stratum",
    "responding",
    "stratum_keys",
    "tell",
]
