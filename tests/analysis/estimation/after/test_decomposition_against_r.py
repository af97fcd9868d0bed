"""Decompositions against formulas in R: tests/witness/after.R."""

from functools import cache

import numpy as np
import pytest

from analysis.estimation.after.decomposition import FORMS, Decomposition
from analysis.estimation.after.fairlie import fairlie
from analysis.estimation.after.oaxaca import oaxaca_blinder
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import design_matrix
from analysis.estimation.estimates import Covariance
from analysis.estimation.regression import estimate
from tests.witness import firms

# Closed forms: both sides converge fully.
AGREEMENT = 1e-8
# numDeriv's derivatives.
NUMERICAL_DERIVATIVES = 1e-7

SETTINGS = ("weights", "strata", "clusters", "population")


@cache
def said() -> dict[str, dict[str, float]]:
    table = firms.witness("after")
    return {
        case: dict(zip(part["item"].astype(str), part["value"], strict=True))
        for case, part in table.groupby("case")
    }


def gap(form: str, covariance: Covariance, *, is_surveyed: bool) -> Decomposition:
    data = firms.firms()
    columns = tuple(
        column
        for column in firms.columns()
        if column.name not in {"exporter", "local:exporter", "I(local^2)"}
    )
    kinds = {name: kind for name, kind in firms.KINDS.items() if name != "exporter"}
    is_threefold = form == "threefold"
    return oaxaca_blinder(
        y=data["growth"].to_numpy(),
        X=design_matrix(columns, {name: data[name].to_numpy() for name in kinds}, kinds),
        group=data["exporter"].to_numpy(dtype=float),
        design=firms.design(*SETTINGS) if is_surveyed else survey_design(count=len(data)),
        domain=firms.everyone(),
        covariance=covariance,
        form="threefold" if is_threefold else "twofold",
        reference="second" if is_threefold else form,
    )


def assert_agrees(result: Decomposition, expected: dict[str, float]) -> None:
    overall = dict(zip(result.overall.terms, result.overall.coefficients, strict=True))
    errors = dict(zip(result.overall.terms, result.overall.std_errors, strict=True))
    detail = dict(zip(result.detailed.terms, result.detailed.coefficients, strict=True))
    detail_errors = dict(zip(result.detailed.terms, result.detailed.std_errors, strict=True))
    names = ["gap", *FORMS[result.form], *result.detailed.terms]
    assert [(overall | detail)[name] for name in names] == pytest.approx(
        [expected[f"value {name}"] for name in names], rel=AGREEMENT, abs=1e-12
    )
    assert [(errors | detail_errors)[name] for name in names] == pytest.approx(
        [expected[f"error {name}"] for name in names], rel=NUMERICAL_DERIVATIVES, abs=1e-10
    )


@pytest.mark.parametrize(
    "form", ["threefold", "first", "second", "half", "cotton", "pooled", "pooled with group"]
)
def test_the_decomposition_under_the_design_agrees_with_r(form: str) -> None:
    assert_agrees(gap(form, "design", is_surveyed=True), said()[f"design: {form}"])


@pytest.mark.parametrize("form", ["threefold", "half"])
def test_the_classical_decomposition_agrees_with_r(form: str) -> None:
    assert_agrees(gap(form, "model", is_surveyed=False), said()[f"model: {form}"])


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_decomposition_of_shares_agrees_with_r_where_pairs_are_not_left_to_chance(
    link: str,
) -> None:
    data = firms.firms()
    data = data[data["graduates"].notna()]
    size = data["exporter"].value_counts().min()
    data = data.groupby("exporter").head(size)
    kinds = {name: kind for name, kind in firms.KINDS.items() if name != "exporter"}
    X = design_matrix(
        tuple(c for c in firms.columns() if "exporter" not in c.variables),
        {name: data[name].to_numpy() for name in kinds},
        kinds,
    )
    y, everyone = data["product"].to_numpy(dtype=float), np.ones(len(data), dtype=bool)
    shares = estimate(
        y=y,
        X=X,
        estimator=link,
        covariance="model",
        design=survey_design(count=len(y)),
        domain=everyone,
    )

    found = fairlie(
        y=y,
        X=X,
        group=data["exporter"].to_numpy(dtype=float),
        model=shares,
        domain=everyone,
        order=("graduates", "local", "industry", "world", "employment"),
        draws=2,
    )

    expected = said()[f"fairlie_{link}"]
    names = [*found.detailed.terms, "explained"]
    values = [*found.detailed.coefficients, *found.explained.coefficients]
    errors = [*found.detailed.std_errors, *found.explained.std_errors]
    assert values == pytest.approx([expected[f"value {name}"] for name in names], rel=1e-7)
    assert errors == pytest.approx([expected[f"error {name}"] for name in names], rel=1e-6)
