"""Coefficients, standard errors, degrees of freedom and marginal effects against R.

The scripts that asked R and the files they wrote lie in tests/witness; R is not needed here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Fit
from analysis.estimation.regression import fit
from tests.witness import firms

# Ten times what was seen: rounding for least squares and the canonical link; for the probit R's
# own convergence, which is linear and stops about 1e-9 short.
AGREEMENT = {"linear": 1e-12, "logit": 1e-11, "probit": 2e-8}
# The Jacobian of the witness is R's numDeriv, good to about 1e-9.
MARGINS_AGREEMENT = 5e-9

FULL = ("weights", "strata", "clusters", "population")
CASES: dict[str, tuple[Covariance, tuple[str, ...]]] = {
    "model": ("model", ()),
    "HC1": ("HC1", ()),
    "HC1_weighted": ("HC1", ("weights",)),
    "cluster": ("cluster", ("clusters",)),
    "cluster_weighted": ("cluster", ("weights", "clusters")),
    "design_weights": ("design", ("weights",)),
    "design_strata": ("design", ("weights", "strata")),
    "design_strata_population": ("design", ("weights", "strata", "population")),
    "design_clusters": ("design", ("weights", "strata", "clusters")),
    "design_clusters_population": ("design", FULL),
    "design_subpopulation": ("design", FULL),
}


def fit_case(case: str, estimator: str) -> Fit:
    covariance, parts = CASES[case]
    makers_only = case == "design_subpopulation"
    return fit(
        y=firms.outcome(estimator),
        X=firms.matrix(("metal",)) if makers_only else firms.matrix(),
        estimator=estimator,
        covariance=covariance,
        design=firms.design(*parts),
        domain=firms.manufacturers() if makers_only else firms.everyone(),
    )


def rows(file: str, case: str, estimator: str) -> pd.DataFrame:
    table = firms.witness(file)
    return table[(table["case"] == case) & (table["estimator"] == estimator)]


@pytest.mark.parametrize("estimator", ["linear", "logit", "probit"])
@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_standard_errors_agree_with_r(case: str, estimator: str) -> None:
    expected = rows("fits", case, estimator)

    estimates = fit_case(case, estimator).estimates

    tolerance = AGREEMENT[estimator]
    assert list(estimates.terms) == list(expected["term"])
    assert estimates.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=tolerance)
    assert estimates.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=tolerance)
    assert {estimates.residual_df} == set(expected["df"])


@pytest.mark.parametrize("estimator", ["linear", "logit", "probit"])
@pytest.mark.parametrize("case", ["HC1", "design_clusters_population", "design_subpopulation"])
def test_average_marginal_effects_agree_with_r(case: str, estimator: str) -> None:
    expected = rows("margins", case, estimator)

    margins = fit_case(case, estimator).margins

    assert margins is not None
    assert list(margins.terms) == list(expected["term"])
    assert margins.coefficients == pytest.approx(
        expected["estimate"].to_numpy(), rel=MARGINS_AGREEMENT
    )
    assert margins.std_errors == pytest.approx(
        expected["std_error"].to_numpy(), rel=MARGINS_AGREEMENT
    )


LETTERS = "abcdefghij"
PLACES = {"home": (1,), "latin_america": (2,), "farther": (3, 4, 5, 6, 7)}


def acti_variables(folder: Path) -> pd.DataFrame:
    """Outcomes and regressors of the ACTI plan, from the columns of the file."""
    data = pd.read_csv(folder / "ec_acti_2012_2014.csv")
    made = pd.DataFrame(index=data.index)
    for scale, places in PLACES.items():
        ticked = [
            (data[[f"viii_3_{letter}_{place}" for place in places]] == 1).any(axis=1)
            for letter in LETTERS
        ]
        made[scale] = sum(column.astype(float) for column in ticked)
    made["product"] = (data[[f"iii_1_{x}" for x in "abcd"]] == 1).any(axis=1)
    made["process"] = (data[["iv_1_a", "iv_1_b"]] == 1).any(axis=1)
    made["market"] = data[[f"iii_1_{x}_1" for x in "abcd"]].max(axis=1) >= 2
    made["foreign"] = data["foreign_pct"] >= 10
    made["exporter"] = data["export_share"] > 0
    made["grad_share"] = data["grad_share"].fillna(0)
    made["ln_age"] = np.log(data["age"])
    made["pichincha"], made["guayas"] = data["province"] == 17, data["province"] == 9
    for code in (2, 3, 4):
        made[f"sector4{code}"] = data["sector4"] == code
    made[["ln_emp", "group", "rd_any", "weight"]] = data[["ln_emp", "group", "rd_any", "weight"]]
    return made.astype(float)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("model", "covariance", "weighted"),
    [
        ("product", "HC1", False),
        ("market", "HC1", False),
        ("process", "HC1", False),
        ("market_weighted_HC1", "HC1", True),
        ("market_weighted_design", "design", True),
    ],
)
def test_the_logits_of_the_ecuadorian_survey_agree_with_r(
    shared_data: Path, model: str, covariance: Covariance, weighted: bool
) -> None:
    expected = firms.witness("acti").query("model == @model")
    data = acti_variables(shared_data)
    regressors = list(expected["term"])[1:]
    matrix = design_matrix(
        (Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in regressors)),
        {name: data[name].to_numpy() for name in regressors},
        dict.fromkeys(regressors, "continuous"),
    )

    result = fit(
        y=data[model.split("_")[0]],
        X=matrix,
        estimator="logit",
        covariance=covariance,
        design=survey_design(count=len(data), weight=data["weight"] if weighted else None),
        domain=np.ones(len(data), dtype=bool),
    )

    estimates = result.estimates
    assert estimates.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=1e-9)
    assert estimates.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=1e-9)
    assert {result.n} == set(expected["n"])
