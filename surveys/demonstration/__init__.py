"""Made data: firms with known coefficients, their sample, their answers. Pure.

Everything here follows from a seed. What an estimate can be held against stands in
`truth`; why the sample needs its weights, in `population` and `sample`.
"""

from surveys.demonstration.answers import Answers, answers_of
from surveys.demonstration.fieldwork import Story, tell
from surveys.demonstration.firms import Firm, firm_of
from surveys.demonstration.later import a_wave_later, lagged
from surveys.demonstration.later_answers import answers_a_wave_later
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
from surveys.demonstration.truth import (
    EMPLOYMENT_GROWTH,
    LATER_INNOVATION,
    PRODUCT_INNOVATION,
    REACHING_OUT,
    TIES_KEPT,
    TIES_WON,
)

SEED = 20_261_121
"""The seed of the demonstration."""

__all__ = [
    "EMPLOYMENT_GROWTH",
    "FIRMS",
    "INDUSTRIES",
    "LATER_INNOVATION",
    "PLAN",
    "PRODUCT_INNOVATION",
    "REACHING_OUT",
    "REGIONS",
    "RESPONDENTS",
    "SCALES",
    "SEED",
    "SIZE_CLASSES",
    "TIES_KEPT",
    "TIES_WON",
    "Answers",
    "Firm",
    "Population",
    "Responding",
    "Story",
    "a_wave_later",
    "answers_a_wave_later",
    "answers_of",
    "firm_names",
    "firm_of",
    "lagged",
    "make_population",
    "regressors",
    "respondents_by_stratum",
    "responding",
    "stratum_keys",
    "tell",
]
