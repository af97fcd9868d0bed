"""The surveys of design.R and calibration.R, and estimates with influences made by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimation.design import Stage, SurveyDesign, survey_design
from analysis.estimation.estimates import Floats
from tests.witness.firms import firms as plain_firms

FOLDER = Path(__file__).parents[3] / "witness"
SCHOOL_TERMS = ("(Intercept)", "ell", "meals", "mobility")
FIRM_TERMS = ("(Intercept)", "world", "log(employment)", "exporter")


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", comment="#")


@cache
def firms() -> pd.DataFrame:
    data = plain_firms().copy()
    data["lone"] = data["stratum"]
    data.loc[[0, 199], "lone"] = ["lone one", "lone two"]
    data["log(employment)"] = np.log(data["employment"])
    return data


@dataclass(frozen=True, eq=False)
class Survey:
    """Data, design, outcome and regressors, as the R scripts take them."""

    data: pd.DataFrame
    design: SurveyDesign
    outcome: str
    terms: tuple[str, ...]

    @property
    def y(self) -> Floats:
        return self.data[self.outcome].to_numpy(float)

    @property
    def X(self) -> Floats:  # noqa: N802
        return np.column_stack(
            [np.ones(len(self.data)), *(self.data[t].to_numpy(float) for t in self.terms[1:])]
        )

    def everyone(self) -> np.ndarray:
        return np.ones(len(self.data), dtype=bool)


def schools(name: str) -> Survey:
    """apistrat, apiclus1 or apiclus2."""
    data = table(f"design_{name}")
    n = len(data)
    designs: dict[str, Callable[[], SurveyDesign]] = {
        "apistrat": lambda: survey_design(
            count=n, weight=data["pw"], stratum=data["stype"], population=data["fpc"]
        ),
        "apiclus1": lambda: survey_design(
            count=n, weight=data["pw"], cluster=data["dnum"], population=data["fpc"]
        ),
        "apiclus2": lambda: survey_design(
            count=n,
            weight=data["pw"],
            cluster=data["dnum"],
            population=data["fpc1"],
            stages=[Stage(cluster=data["snum"], population=data["fpc2"])],
        ),
    }
    return Survey(data, designs[name](), "api00", SCHOOL_TERMS)


def of_firms(kind: str, **more: object) -> Survey:
    """The made firms under a design of design.R."""
    data = firms()
    parts: dict[str, object] = {"count": len(data), "weight": data["weight"]}
    groups = {
        "stratum": data["stratum"],
        "cluster": data["group"],
        "population": data["groups_on_frame"],
    }
    if kind == "groups":
        parts |= groups
    if kind == "two stages":
        parts |= groups | {"stages": [Stage(data["firm"], population=_times(data, ["group"], 3))]}
    if kind == "strata in groups":
        kinds = _times(data, ["group", "exporter"], 2)
        parts |= groups | {"stages": [Stage(data["firm"], data["exporter"], kinds)]}
    if kind == "shares":
        drawn = data.groupby("stratum")["weight"].transform("size")
        parts |= {"stratum": data["stratum"], "population": drawn / data["firms_on_frame"]}
    if kind == "lonely":
        parts |= {"stratum": data["lone"]}
    return Survey(data, survey_design(**(parts | more)), "growth", FIRM_TERMS)  # type: ignore[arg-type]


def _times(data: pd.DataFrame, by: list[str], times: int) -> Floats:
    count = data.groupby(by)["weight"].transform("size").to_numpy()
    return np.where(count == 1, 1, times * count).astype(float)


def estimates(survey: Survey, weight: Floats, domain: np.ndarray) -> Floats:
    """(2 + k,) total, mean and least-squares coefficients."""
    w = np.where(domain, weight, 0.0)
    X, y = survey.X, survey.y
    beta = np.linalg.solve((X.T * w) @ X, X.T @ (w * y))
    return np.concatenate([[w @ y, w @ y / w.sum()], beta])


def influences(survey: Survey, weight: Floats, domain: np.ndarray) -> Floats:
    """(n, 2 + k) influence of each firm on `estimates`, before weighting."""
    w = np.where(domain, weight, 0.0)
    X, y = survey.X, survey.y
    _, mean, *beta = estimates(survey, weight, domain)
    bread = np.linalg.inv((X.T * w) @ X)
    residual = y - X @ np.array(beta)
    return np.column_stack([y, (y - mean) / w.sum(), (X * residual[:, None]) @ bread])


def answers(file: str, case: str, survey: Survey) -> pd.DataFrame:
    """R's total, mean and coefficients, in the order of `estimates`."""
    rows = table(file)
    rows = rows[rows["case"] == case].set_index("statistic")
    return rows.loc[["total", "mean", *survey.terms]]
