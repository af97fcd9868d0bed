"""The made panel of panel_firms.csv, and estimators on it and on small ones."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, design_matrix
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.panel.conditional_logit import CONDITIONAL_LOGIT
from analysis.estimation.panel.correlated_random_effects import CORRELATED_RANDOM_EFFECTS
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.differences import FIRST_DIFFERENCES, LONG_DIFFERENCES
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.panel.fixed_effects_poisson import FIXED_EFFECTS_POISSON
from analysis.estimation.panel.lagged_outcome import LAGGED_OUTCOME
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.sample import Sample, Wording, estimation_sample
from tests.analysis.estimation.small import plain

WITNESS = Path(__file__).parents[3] / "witness"


@cache
def panel() -> pd.DataFrame:
    return pd.read_csv(WITNESS / "panel_firms.csv")


@cache
def grunfeld() -> pd.DataFrame:
    return pd.read_csv(WITNESS / "panel_grunfeld.csv")


@cache
def witness() -> pd.DataFrame:
    """What R said, by case and term."""
    table = pd.read_csv(WITNESS / "panel.csv", comment="#", keep_default_na=False, na_values=["NA"])
    return table.set_index(["case", "term"])


def sample_of(
    estimator: Estimator,
    y: Any,
    matrix: DesignMatrix,
    design: SurveyDesign,
    *,
    domain: Any = None,
    labels: Any = None,
    outcomes: Any = None,
    numbers: Any = None,
    words: Any = None,
) -> Sample:
    parts = Parts(
        labels=labels or {}, outcomes=outcomes or {}, numbers=numbers or {}, words=words or {}
    )
    estimator.check_roles(parts)
    return estimation_sample(
        y=np.asarray(y, dtype=float),
        matrix=matrix,
        design=design,
        domain=np.ones(len(y), dtype=bool) if domain is None else domain,
        wording=Wording("the outcome", {}),
        parts=parts,
        estimator=estimator.name,
    )


def estimated(
    estimator: Estimator,
    y: Any,
    matrix: DesignMatrix,
    covariance: str = "cluster",
    design: SurveyDesign | None = None,
    **choices: Any,
) -> Model:
    design = design or survey_design(count=len(y))
    sample = sample_of(estimator, y, matrix, design, **choices)
    fitted = Fitted(estimator.solve(sample, None), sample, design, estimator)
    return Model(fitted, uncertainty(covariance, fitted), covariance)


def on_panel(
    estimator: Estimator,
    outcome: str,
    regressors: tuple[str, ...],
    covariance: str = "cluster",
    *,
    weight: str | None = None,
    data: pd.DataFrame | None = None,
    cluster: str = "firm",
    ways: tuple[str, ...] = (),
    design: SurveyDesign | None = None,
    **choices: Any,
) -> Model:
    """An estimator on the made panel.

    `cluster` is the sampled unit of the design; `ways` are columns by which to cluster, where
    it is not by firm.
    """
    data = panel() if data is None else data
    return estimated(
        estimator,
        data[outcome],
        plain(**{name: data[name].to_numpy() for name in regressors})
        if regressors
        else design_matrix([Column(INTERCEPT)], {}, {}, count=len(data)),
        covariance,
        design
        or survey_design(
            count=len(data),
            weight=None if weight is None else data[weight],
            cluster=data[cluster],
            stratum=data["stratum"] if covariance == "design" else None,
        ),
        labels={
            "unit": data["firm"].to_numpy(),
            "wave": data["wave"].to_numpy(),
            **{
                role: data[way].to_numpy()
                for role, way in zip(("cluster", "cluster_2"), ways, strict=False)
            },
        },
        **choices,
    )


@cache
def infert() -> pd.DataFrame:
    return pd.read_csv(WITNESS / "panel_infert.csv")


X = ("networking", "size", "exporter")
EVERY: dict[str, tuple[Estimator, str, dict[str, Any]]] = {
    "fixed_effects": (FIXED_EFFECTS, "productivity", {}),
    "fixed_effects_poisson": (FIXED_EFFECTS_POISSON, "patents", {}),
    "conditional_logit": (CONDITIONAL_LOGIT, "innovator", {}),
    "first_differences": (FIRST_DIFFERENCES, "productivity", {}),
    "long_differences": (LONG_DIFFERENCES, "productivity", {"numbers": {"lag": 2}}),
    "lagged_outcome": (LAGGED_OUTCOME, "productivity", {}),
    "correlated_random_effects": (
        CORRELATED_RANDOM_EFFECTS,
        "innovator",
        {"words": {"response": "probit"}},
    ),
    "cross_lagged": (CROSS_LAGGED, "productivity", {"other": "networking"}),
}
each_estimator = pytest.mark.parametrize("name", EVERY)


def of(name: str, data: pd.DataFrame | None = None, **choices: Any) -> Model:
    """The estimator of that name on the made panel."""
    estimator, outcome, given = EVERY[name]
    data = panel() if data is None else data
    given = dict(given)
    if other := given.pop("other", None):
        given["outcomes"] = {"other": data[other].to_numpy(dtype=float)}
    regressors = ("size", "exporter") if name == "cross_lagged" else X
    return on_panel(estimator, outcome, regressors, data=data, **{**given, **choices})


def gradient(function: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """Differences of the fourth order."""
    return np.array(
        [
            (
                8 * (function(at + step * e) - function(at - step * e))
                - function(at + 2 * step * e)
                + function(at - 2 * step * e)
            )
            / (12 * step)
            for e in np.eye(len(at))
        ]
    )
