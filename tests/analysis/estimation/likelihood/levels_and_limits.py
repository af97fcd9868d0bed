"""The cases in which R was asked for models of levels and of limits."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, design_matrix
from analysis.estimation.estimates import Covariance
from analysis.estimation.estimator import Estimator
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.replicates import ReplicateWeights
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.witness import firms

Floats = npt.NDArray[np.float64]

FULL = ("weights", "strata", "clusters", "population")
CASES: dict[str, tuple[Covariance, tuple[str, ...]]] = {
    "model": ("model", ()),
    "HC0": ("HC0", ()),
    "HC1": ("HC1", ()),
    "cluster": ("cluster", ("clusters",)),
    "HC1_weighted": ("HC1", ("weights",)),
    "cluster_weighted": ("cluster", ("weights", "clusters")),
    "design_weights": ("design", ("weights",)),
    "design_clusters": ("design", FULL),
    "design_subpopulation": ("design", FULL),
    "replicate": ("replicate", ("weights",)),
}


def intercept_alone(count: int) -> DesignMatrix:
    return design_matrix((Column(INTERCEPT),), {}, {}, count=count)


def of_case(case: str, estimator: Estimator, y: Floats, parts: Parts | None = None) -> Model:
    """The model of the made firms under the case's design."""
    covariance, of_design = CASES[case]
    makers_only = case == "design_subpopulation"
    design = firms.design(*of_design)
    if case == "replicate":
        design = design.with_replicates(twelve_replicates())
    return modelled(
        estimator,
        y,
        firms.matrix(("metal",)) if makers_only else firms.matrix(),
        covariance=covariance,
        design=design,
        domain=firms.manufacturers() if makers_only else firms.everyone(),
        parts=parts or Parts(),
    )


def twelve_replicates() -> ReplicateWeights:
    """As pseudo_likelihood.R makes them."""
    data = firms.firms()
    waves = np.sin(np.outer(data["firm"], np.arange(1, 13)))
    weights = data["weight"].to_numpy()[:, None] * (1 + 0.5 * waves)
    return ReplicateWeights(weights, scale=0.1, rscales=np.ones(12), mse=True)


def expected(file: str, case: str, estimator: str) -> pd.DataFrame:
    """What R said, by term."""
    table = firms.witness(file)
    chosen = table[(table["case"] == case) & (table["estimator"] == estimator)]
    return chosen.set_index("term")


def growth() -> Floats:
    return firms.firms()["growth"].to_numpy(dtype=float)
