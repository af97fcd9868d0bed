"""What each script estimates anew, by estimator."""

from collections.abc import Callable, Mapping

from analysis.replication import python_likelihood, r_likelihood
from analysis.replication.layout import Layout
from analysis.replication.likelihoods import LIKELIHOODS
from analysis.replication.python_models import generalised as python_generalised
from analysis.replication.r_models import GENERALISED
from analysis.replication.r_models import generalised as r_generalised
from analysis.replication.recipes import Recipe

Lines = list[str]

R_MODELS: Mapping[str, Callable[[Recipe, Layout, frozenset[str]], Lines]] = {
    **dict.fromkeys(GENERALISED, r_generalised),
    **dict.fromkeys(LIKELIHOODS, r_likelihood.by_likelihood),
    "two_stage_least_squares": r_likelihood.two_stage,
    "fixed_effects": r_likelihood.fixed_effects,
}
PYTHON_MODELS: Mapping[str, Callable[[Recipe, Layout], Lines]] = {
    **dict.fromkeys(GENERALISED, python_generalised),
    **dict.fromkeys(LIKELIHOODS, python_likelihood.by_likelihood),
    "two_stage_least_squares": python_likelihood.two_stage,
    "fixed_effects": python_likelihood.fixed_effects,
}


def refused_in_r(recipe: Recipe) -> str:
    """Why the R script leaves the model out; empty if it does not."""
    return _refused(recipe, recipe.estimator in R_MODELS)


def refused_in_python(recipe: Recipe) -> str:
    """Why the Python script leaves the model out; empty if it does not."""
    return _refused(recipe, recipe.estimator in PYTHON_MODELS)


def _refused(recipe: Recipe, is_covered: bool) -> str:
    if not is_covered:
        return f"the estimator {recipe.estimator} is not written out in this script"
    if "cluster_2" in recipe.columns:
        return "standard errors clustered in two ways are not written out in this script"
    return ""
