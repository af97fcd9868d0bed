"""The made firms of cdm_firms.csv as estimation takes them."""

from functools import cache

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.parts import Parts
from analysis.estimation.replicates import ReplicateWeights
from tests.witness.firms import FOLDER

KINDS = {
    "size": "continuous",
    "capital": "continuous",
    "exporter": "binary",
    "subsidy": "binary",
    "cooperation": "binary",
    "demand": "binary",
}


@cache
def firms() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "cdm_firms.csv")


def terms(*names: str) -> DesignMatrix:
    data = firms()
    return design_matrix(
        (Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in names)),
        {name: data[name].to_numpy() for name in KINDS},
        KINDS,
    )


def main() -> DesignMatrix:
    return terms("size", "capital")


def parts(**words: str) -> Parts:
    data = firms()
    names = ("rd_performer", "rd_intensity", "product", "process")
    return Parts(
        outcomes={name: data[name].to_numpy(dtype=float) for name in names},
        matrices={
            "selection": terms("size", "subsidy", "cooperation", "exporter"),
            "intensity": terms("size", "subsidy", "cooperation"),
            "knowledge": terms("size", "exporter", "demand"),
        },
        words=words,
    )


def productivity() -> np.ndarray:
    return firms()["productivity"].to_numpy(dtype=float)


def design(*, weighted: bool) -> SurveyDesign:
    data = firms()
    return survey_design(
        count=len(data),
        weight=data["weight"].to_numpy() if weighted else None,
        stratum=data["stratum"].to_numpy(),
        cluster=data["group"].to_numpy(),
    )


def replicates() -> ReplicateWeights:
    """The given bootstrap of groups within strata, around the full estimate."""
    drawn = pd.read_csv(FOLDER / "cdm_replicates.csv").set_index("group")
    times = drawn.loc[firms()["group"]]
    size = times.pop("in_stratum").to_numpy(dtype=float)[:, None]
    weights = firms()["weight"].to_numpy()[:, None] * times.to_numpy() * size / (size - 1)
    count = weights.shape[1]
    return ReplicateWeights(weights, 1 / count, np.ones(count), mse=True, method="bootstrap")
