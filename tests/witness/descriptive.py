"""The data of descriptive.R as descriptions take them, and what R said of them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from tests.witness import firms


@cache
def data(name: str) -> pd.DataFrame:
    if name == "firms":
        return firms.firms()
    return pd.read_csv(firms.FOLDER / f"descriptive_{name}.csv", dtype={"agecat": "object"})


@dataclass(frozen=True)
class Case:
    """One call of `asked` in descriptive.R."""

    name: str
    source: str
    number: str
    denominator: str
    share: str
    by: str
    table: tuple[str, str]
    correlated: tuple[str, str, str]

    def values(self, name: str) -> Any:
        if name == "local_and_one":
            return self.frame["local"].to_numpy(dtype=float) + 1
        column = self.frame[name]
        return column.to_numpy(dtype=object if column.dtype.kind not in "if" else float)

    @property
    def frame(self) -> pd.DataFrame:
        return data(self.source)

    @property
    def scope(self) -> dict[str, Any]:
        return {"design": design(self.name), "domain": domain(self.name)}


def domain(name: str) -> np.ndarray:
    if name == "firms_subpopulation":
        return firms.manufacturers()
    if name == "nhanes":
        return ~np.isnan(data("nhanes")["hi_chol"].to_numpy())
    return np.ones(len(data(name.split("_")[0])), dtype=bool)


@cache
def design(name: str) -> SurveyDesign:
    if name == "firms_weights":
        return firms.design("weights")
    if name.startswith("firms"):
        return firms.design("weights", "strata", "clusters", "population")
    frame = data(name)
    if name == "nhanes":
        return survey_design(
            count=len(frame),
            weight=frame["wtmec2yr"],
            stratum=frame["sdmvstra"],
            cluster=frame["sdmvstra"] * 10 + frame["sdmvpsu"],
        )
    drawn = {"stratum": frame["stype"]} if name == "apistrat" else {"cluster": frame["dnum"]}
    return survey_design(count=len(frame), weight=frame["pw"], population=frame["fpc"], **drawn)


FIRMS = (
    "firms",
    "employment",
    "local_and_one",
    "product",
    "industry",
    ("industry", "product"),
    ("employment", "growth", "local"),
)
CASES = {
    case.name: case
    for case in (
        Case("firms_weights", *FIRMS),
        Case("firms_full", *FIRMS),
        Case("firms_subpopulation", *FIRMS),
        Case(
            "apistrat",
            "apistrat",
            "api00",
            "api99",
            "target",
            "awards",
            ("stype", "target"),
            ("api00", "api99", "meals"),
        ),
        Case(
            "apiclus1",
            "apiclus1",
            "enroll",
            "api99",
            "target",
            "stype",
            ("stype", "awards"),
            ("api00", "api99", "meals"),
        ),
        Case(
            "nhanes",
            "nhanes",
            "race",
            "riagendr",
            "hi_chol",
            "agecat",
            ("agecat", "hi_chol"),
            ("race", "riagendr", "hi_chol"),
        ),
    )
}


def said(case: str, statistic: str, quantity: str, term: str | None = None) -> pd.Series:
    """What R said: a series by term, in R's order."""
    table = firms.witness("descriptive")
    rows = (table["case"] == case) & (table["statistic"] == statistic)
    rows &= table["quantity"] == quantity
    if term is not None:
        rows &= table["term"].fillna("") == term
    found = table[rows]
    assert len(found), (case, statistic, quantity, term)
    return found.set_index(found["term"].fillna(""))["value"]
