"""The made firms of innovators.csv as estimation takes them, and what R said of them."""

from functools import cache

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import Model
from analysis.estimation.replicates import ReplicateWeights
from tests.analysis.estimation.small import plain
from tests.witness import firms
from tests.witness.firms import FOLDER

# Case of a witness to the covariance and the parts of the design that it takes into account.
CASES = {
    "model": ("model", ()),
    "HC0": ("HC0", ()),
    "HC1": ("HC1", ()),
    "HC1_weighted": ("HC1", ("weights",)),
    "cluster_weighted": ("cluster", ("weights", "clusters")),
    "design": ("design", ("weights", "strata", "clusters", "population")),
    "replicate": ("replicate", ("weights", "replicates")),
}


@cache
def innovators() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "innovators.csv")


def outcome(name: str) -> Floats:
    return innovators()[name].to_numpy(dtype=float)


def columns(*names: str) -> DesignMatrix:
    return plain(**{name: outcome(name) for name in names})


def design(*parts: str) -> SurveyDesign:
    data = innovators()
    return survey_design(
        count=len(data),
        weight=data["weight"].to_numpy() if "weights" in parts else None,
        stratum=data["stratum"].to_numpy() if "strata" in parts else None,
        cluster=data["group"].to_numpy() if "clusters" in parts else None,
        population=data["groups_on_frame"].to_numpy() if "population" in parts else None,
        replicates=_jackknife() if "replicates" in parts else None,
    )


def _jackknife() -> ReplicateWeights:
    """One random group of clusters left out at a time."""
    group = innovators()["jackknife"].to_numpy()
    count = group.max() + 1
    kept = group[:, None] != np.arange(count)
    weights = outcome("weight")[:, None] * kept * count / (count - 1)
    return ReplicateWeights(weights, (count - 1) / count, np.ones(count))


def witnessed(file: str, case: str, estimator: str) -> pd.DataFrame:
    """Estimates and standard errors of a case, by term."""
    table = firms.witness(file)
    rows = table[(table["case"] == case) & (table["estimator"] == estimator)]
    return rows.set_index("term")[["estimate", "std_error"]]


def told(model: Model) -> pd.DataFrame:
    """The same of a model of ours; numbers that follow from coefficients as ``derived|rho``."""
    found = model.estimates
    terms, values, errors = list(found.terms), [found.coefficients], [found.std_errors]
    if model.derived is not None:
        terms += [f"derived|{term}" for term in model.derived.terms]
        values.append(model.derived.coefficients)
        errors.append(model.derived.std_errors)
    return pd.DataFrame(
        {"estimate": np.concatenate(values), "std_error": np.concatenate(errors)}, index=terms
    )
