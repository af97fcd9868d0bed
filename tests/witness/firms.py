"""The made firms of firms.csv as estimation takes them, and what R said of them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix

FOLDER = Path(__file__).parent
KINDS: Mapping[str, str] = {
    "local": "continuous",
    "world": "continuous",
    "employment": "continuous",
    "graduates": "continuous",
    "exporter": "binary",
    "industry": "category",
}


@cache
def firms() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "firms.csv")


@cache
def witness(name: str) -> pd.DataFrame:
    """The rows of a witness file, without its header of versions."""
    return pd.read_csv(FOLDER / f"{name}.csv", comment="#")


def columns(levels: tuple[str, ...] = ("metal", "services", "trade")) -> tuple[Column, ...]:
    """The right-hand side of fits.R, its columns in R's order and named as R names them."""
    return (
        Column(INTERCEPT),
        Column("local", (Factor("local"),)),
        Column("I(local^2)", (Factor("local", "power", exponent=2),)),
        Column("world", (Factor("world"),)),
        Column("log(employment)", (Factor("employment", "log"),)),
        Column("graduates", (Factor("graduates"),)),
        Column("exporter", (Factor("exporter"),)),
        *(
            Column(f"industry{level}", (Factor("industry", "indicator", level),))
            for level in levels
        ),
        Column("local:exporter", (Factor("local"), Factor("exporter"))),
    )


def matrix(levels: tuple[str, ...] = ("metal", "services", "trade")) -> DesignMatrix:
    data = firms()
    return design_matrix(columns(levels), {name: data[name].to_numpy() for name in KINDS}, KINDS)


def outcome(estimator: str) -> npt.NDArray[np.float64]:
    return firms()["growth" if estimator == "linear" else "product"].to_numpy(dtype=float)


def design(*parts: str) -> SurveyDesign:
    """The design of the made firms with the parts named taken into account.

    Parts: ``weights``, ``strata``, ``clusters``, ``population``.
    """
    data = firms()
    on_frame = "groups_on_frame" if "clusters" in parts else "firms_on_frame"
    return survey_design(
        count=len(data),
        weight=data["weight"].to_numpy() if "weights" in parts else None,
        stratum=data["stratum"].to_numpy() if "strata" in parts else None,
        cluster=data["group"].to_numpy() if "clusters" in parts else None,
        population=data[on_frame].to_numpy() if "population" in parts else None,
    )


def everyone() -> npt.NDArray[np.bool_]:
    return np.ones(len(firms()), dtype=bool)


def manufacturers() -> npt.NDArray[np.bool_]:
    return firms()["manufacturer"].to_numpy() == 1
