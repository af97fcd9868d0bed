"""Every estimator by its name."""

from collections.abc import Mapping

from analysis.estimation.estimator import Estimator
from analysis.estimation.glm import GENERALISED_LINEAR
from analysis.estimation.instrumental.control_function import (
    CONTROL_FUNCTION_LINEAR,
    CONTROL_FUNCTION_LOGIT,
    CONTROL_FUNCTION_PROBIT,
)
from analysis.estimation.instrumental.two_stage import TWO_STAGE_LEAST_SQUARES
from analysis.estimation.likelihood.bivariate import BIVARIATE_PROBIT, RECURSIVE_BIVARIATE_PROBIT
from analysis.estimation.likelihood.censored import TOBIT
from analysis.estimation.likelihood.counts import NEGATIVE_BINOMIAL
from analysis.estimation.likelihood.interval import INTERVAL_REGRESSION
from analysis.estimation.likelihood.multinomial import MULTINOMIAL_LOGIT
from analysis.estimation.likelihood.ordered import ORDERED_LOGIT, ORDERED_PROBIT
from analysis.estimation.likelihood.selection import HECKMAN
from analysis.estimation.likelihood.two_part import (
    HURDLE_NEGATIVE_BINOMIAL,
    HURDLE_POISSON,
    ZERO_INFLATED_NEGATIVE_BINOMIAL,
    ZERO_INFLATED_POISSON,
)
from analysis.estimation.likelihood.two_step import HECKMAN_TWO_STEP
from analysis.estimation.multilevel.linear import MULTILEVEL_LINEAR
from analysis.estimation.multilevel.logit import MULTILEVEL_LOGIT
from analysis.estimation.panel.conditional_logit import CONDITIONAL_LOGIT
from analysis.estimation.panel.correlated_random_effects import CORRELATED_RANDOM_EFFECTS
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.differences import FIRST_DIFFERENCES, LONG_DIFFERENCES
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.panel.fixed_effects_poisson import FIXED_EFFECTS_POISSON
from analysis.estimation.panel.lagged_outcome import LAGGED_OUTCOME
from analysis.estimation.penalised import FIRTH_LOGIT
from analysis.estimation.systems.cdm import CDM

PENALISED = (FIRTH_LOGIT,)
CATEGORIES = (ORDERED_LOGIT, ORDERED_PROBIT, MULTINOMIAL_LOGIT)
LIMITED = (TOBIT, INTERVAL_REGRESSION)
COUNTS = (
    NEGATIVE_BINOMIAL,
    HURDLE_POISSON,
    HURDLE_NEGATIVE_BINOMIAL,
    ZERO_INFLATED_POISSON,
    ZERO_INFLATED_NEGATIVE_BINOMIAL,
)
SELECTION = (HECKMAN, HECKMAN_TWO_STEP)
PAIRS = (BIVARIATE_PROBIT, RECURSIVE_BIVARIATE_PROBIT)
INSTRUMENTAL = (
    TWO_STAGE_LEAST_SQUARES,
    CONTROL_FUNCTION_LINEAR,
    CONTROL_FUNCTION_LOGIT,
    CONTROL_FUNCTION_PROBIT,
)
SYSTEMS = (CDM,)
PANEL = (
    FIXED_EFFECTS,
    FIXED_EFFECTS_POISSON,
    CONDITIONAL_LOGIT,
    FIRST_DIFFERENCES,
    LONG_DIFFERENCES,
    CORRELATED_RANDOM_EFFECTS,
    CROSS_LAGGED,
    LAGGED_OUTCOME,
)
MULTILEVEL = (MULTILEVEL_LINEAR, MULTILEVEL_LOGIT)

ESTIMATORS: Mapping[str, Estimator] = {
    each.name: each
    for each in (
        *GENERALISED_LINEAR,
        *PENALISED,
        *CATEGORIES,
        *LIMITED,
        *COUNTS,
        *SELECTION,
        *PAIRS,
        *INSTRUMENTAL,
        *SYSTEMS,
        *PANEL,
        *MULTILEVEL,
    )
}
"""In the order in which reference pages and forms list them."""
