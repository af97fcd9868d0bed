"""The made firms as core.R sees them, and what R said of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model, estimate
from analysis.estimation.replicates import given_replicates
from tests.witness import firms as made

OUTCOMES: Mapping[str, str] = {
    "linear": "growth",
    "logit": "product",
    "probit": "product",
    "cloglog": "product",
    "fractional_logit": "share",
    "fractional_probit": "share",
    "poisson": "count",
    "poisson_exposure": "count",
}
ESTIMATORS = tuple(OUTCOMES)
KINDS = {
    "local": "continuous",
    "employment": "continuous",
    "exporter": "binary",
    "industry": "category",
}


@cache
def firms() -> pd.DataFrame:
    data = made.firms()
    share = np.clip(2 * (data["graduates"] - 0.05), 0, 1)
    data = data.assign(
        share=share,
        count=data["world"] * (1 + data["firm"] % 4),
        years=1.0 + data["firm"] % 5,
        wing=data["industry"] + " " + data["stratum"],
    )
    return data[data["graduates"].notna()].reset_index(drop=True)


@cache
def matrix(levels: tuple[str, ...] = ("metal", "services", "trade")) -> DesignMatrix:
    columns = (
        Column(INTERCEPT),
        Column("local", (Factor("local"),)),
        Column("I(local^2)", (Factor("local", "power", exponent=2),)),
        Column("log(employment)", (Factor("employment", "log"),)),
        Column("exporter", (Factor("exporter"),)),
        *(
            Column(f"industry{level}", (Factor("industry", "indicator", level),))
            for level in levels
        ),
        Column("local:exporter", (Factor("local"), Factor("exporter"))),
    )
    return design_matrix(columns, {name: firms()[name].to_numpy() for name in KINDS}, KINDS)


def outcome(name: str) -> Floats:
    return firms()[OUTCOMES[name]].to_numpy(dtype=float)


@cache
def full_design() -> SurveyDesign:
    data = firms()
    return survey_design(
        count=len(data),
        weight=data["weight"].to_numpy(),
        stratum=data["stratum"].to_numpy(),
        cluster=data["group"].to_numpy(),
        population=data["groups_on_frame"].to_numpy(),
    )


@cache
def jackknife(*, mse: bool) -> SurveyDesign:
    """The design with the factors that R made, by group."""
    table = made.witness("core_replicates")
    data = firms()
    factors = np.ones((len(data), table["replicate"].max()))
    members = {group: np.flatnonzero(data["group"] == group) for group in set(table["group"])}
    for each in table.itertuples():
        factors[members[each.group], each.replicate - 1] = each.factor
    replicates = given_replicates(
        factors,
        method="JKn",
        factors_of=data["weight"].to_numpy(),
        rscales=table.groupby("replicate")["rscale"].first().to_numpy(),
        mse=mse,
    )
    return full_design().with_replicates(replicates)


def weighted() -> SurveyDesign:
    return survey_design(count=len(firms()), weight=firms()["weight"].to_numpy())


def solved(name: str, covariance: Covariance = "HC1", **choices: Any) -> Model:
    """The model of core.R without weights, unless the choices say otherwise."""
    settings: dict[str, Any] = {
        "y": outcome(name),
        "X": matrix(),
        "estimator": name.removesuffix("_exposure"),
        "covariance": covariance,
        "design": survey_design(count=len(firms())),
        "domain": np.ones(len(firms()), dtype=bool),
        "parts": parts(name),
    }
    return estimate(**(settings | choices))


def parts(name: str, *labels: str) -> Parts:
    """The exposure, where the case has one, and labels to cluster by."""
    exposed = {"exposure": firms()["years"].to_numpy()} if name.endswith("_exposure") else {}
    given = {
        role: firms()[label].to_numpy(dtype=object)
        for role, label in zip(("cluster", "cluster_2"), labels, strict=False)
    }
    return Parts(outcomes=exposed, labels=given)


def case_of(name: str, case: str) -> Model:
    """A case of core.csv."""
    if case.startswith("replicate"):
        return solved(name, "replicate", design=jackknife(mse=case.endswith("mse")))
    if case.startswith("design"):
        if case == "design_weights":
            return solved(name, "design", design=weighted())
        if case == "design_full":
            return solved(name, "design", design=full_design())
        return solved(
            name,
            "design",
            X=matrix(("metal",)),
            design=full_design(),
            domain=firms()["manufacturer"].to_numpy() == 1,
        )
    design = {"design": weighted()} if case.endswith("_weighted") else {}
    kind = case.removesuffix("_weighted")
    if kind == "two_way":
        return solved(name, "cluster", parts=parts(name, "group", "wing"), **design)
    if kind == "cluster":
        return solved(name, "cluster", parts=parts(name, "group"), **design)
    return solved(name, kind, **design)
