"""The made workers of instrumental_workers.csv as estimation takes them."""

from functools import cache

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.parts import Parts
from tests.witness.firms import FOLDER, witness

KINDS = {
    "experience": "continuous",
    "south": "binary",
    "schooling": "continuous",
    "training": "continuous",
    "near_four": "binary",
    "near_two": "binary",
    "father": "continuous",
    "subsidy": "binary",
}
INSTRUMENTS = {
    "one": ("near_four", "near_two", "father"),
    "two": ("near_four", "near_two", "father", "subsidy"),
    "just": ("near_four",),
}


@cache
def workers() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "instrumental_workers.csv")


def rows(case: str, what: str) -> pd.DataFrame:
    table = witness("instrumental")
    return table[(table["case"] == case) & (table["what"] == what)]


def matrix(model: str) -> DesignMatrix:
    """Experience, its square, south, schooling, and in model "two" training."""
    ends = ("schooling", "training") if model == "two" else ("schooling",)
    return _matrix(
        Column("experience", (Factor("experience"),)),
        Column("experience2", (Factor("experience", "power", exponent=2),)),
        Column("south", (Factor("south"),)),
        *(Column(name, (Factor(name),)) for name in ends),
    )


def instruments(model: str) -> Parts:
    ends = "schooling, training" if model == "two" else "schooling"
    columns = (Column(name, (Factor(name),)) for name in INSTRUMENTS[model])
    return Parts(matrices={"instruments": _matrix(*columns)}, words={"endogenous": ends})


def _matrix(*columns: Column) -> DesignMatrix:
    data = workers()
    return design_matrix(
        (Column(INTERCEPT), *columns), {name: data[name].to_numpy() for name in KINDS}, KINDS
    )


def outcome(name: str = "wage") -> np.ndarray:
    return workers()[name].to_numpy(dtype=float)


def design(*parts: str) -> SurveyDesign:
    """The design with the parts named: ``weights``, ``clusters`` in strata, ``population``."""
    data = workers()
    clustered = "clusters" in parts
    return survey_design(
        count=len(data),
        weight=data["weight"].to_numpy() if "weights" in parts else None,
        stratum=data["stratum"].to_numpy() if clustered else None,
        cluster=data["cluster"].to_numpy() if clustered else None,
        population=data["clusters_on_frame"].to_numpy() if "population" in parts else None,
    )
