"""Pooling against mice, mitools and mitml; imputing against mice.

The script that asked R and the files it wrote lie in tests/witness; R is not needed here.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.estimates import Estimates
from analysis.estimation.imputation import (
    ImputationModel,
    Pooled,
    Recipe,
    fit_imputed,
    impute,
    joint_test,
    pool,
)
from analysis.estimation.imputation.recipe import Method
from tests.analysis.estimation.imputation.small_surveys import KINDS, of, plainly, witness_firms
from tests.witness import firms

# Both sides compute in closed form.
AGREEMENT = 1e-12
# Two sets of imputations differ by chance: R's 300, the product's fewer. In standard errors of
# the difference, over some twenty comparisons.
CHANCE = 4.0
R_IMPUTATIONS = 300
# mice draws levels from point estimates of its ordered and multinomial models, and adds made rows
# to every logit; the product draws the coefficients. Variances between imputations are compared
# within these bounds, beyond what chance allows with 30 imputations (a standard deviation of 0.27).
SPREAD = (0.5, 2.0)
TERMS = ("a", "b", "c")


def said(case: str, what: str, term: str) -> float:
    table = firms.witness("imputation")
    found = table[(table["case"] == case) & (table["what"] == what) & (table["term"] == term)]
    return float(found["value"].iloc[0])


def given(complete_df: float) -> Pooled:
    table = pd.read_csv(firms.FOLDER / "imputation_estimates.csv")
    each = [
        Estimates(TERMS, one["estimate"].to_numpy(), one[list(TERMS)].to_numpy(), np.inf)
        for _, one in table.groupby("imputation")
    ]
    return pool(each, complete_df=complete_df)


@pytest.mark.parametrize("complete", [12, 57, 480, np.inf])
def test_pooling_agrees_with_mice(complete: float) -> None:
    case = f"pool df {'Inf' if np.isinf(complete) else complete}"

    pooled = given(complete)

    found = {
        "estimate": pooled.coefficients,
        "variance": np.diag(pooled.covariance),
        "df": pooled.residual_df,
        "riv": pooled.relative_increase,
        "fmi": pooled.missing_information,
    }
    for what, values in found.items():
        expected = [said(case, what, term) for term in TERMS]
        assert list(values) == pytest.approx(expected, rel=AGREEMENT), what


def test_the_old_degrees_of_freedom_agree_with_mitools() -> None:
    pooled = given(np.inf)

    for position, term in enumerate(TERMS):
        assert pooled.residual_df[position] == pytest.approx(
            said("mitools", "df", term), rel=AGREEMENT
        )
        assert pooled.missing_information[position] == pytest.approx(
            said("mitools", "fmi", term), rel=AGREEMENT
        )


def test_the_total_covariance_agrees_with_mitools() -> None:
    expected = [[said("mitools", "covariance", f"{one} {two}") for two in TERMS] for one in TERMS]

    assert given(np.inf).covariance == pytest.approx(np.array(expected), rel=AGREEMENT)


@pytest.mark.parametrize("complete", [57, 480, np.inf])
@pytest.mark.parametrize(
    ("hypothesis", "asked"),
    [
        ("b = 0, c = 0", "b = 0, c = 0"),
        ("a = 1, b + c = 0", "a = 1, b + c = 0"),
        ("all", ["a", "b", "c"]),
    ],
)
def test_joint_tests_agree_with_mitml(
    complete: float, hypothesis: str, asked: str | list[str]
) -> None:
    case = f"D1 df {'Inf' if np.isinf(complete) else complete}"

    found = joint_test(given(complete), asked)

    assert (
        found.statistic,
        found.numerator_df,
        found.denominator_df,
        found.p_value,
        found.relative_increase,
    ) == pytest.approx(
        tuple(
            said(case, what, hypothesis)
            for what in ("statistic", "numerator", "denominator", "p", "riv")
        ),
        rel=AGREEMENT,
    )


CASES: dict[str, tuple[tuple[str, ...], dict[str, Method], str, tuple[str, ...]]]
CASES = {
    "normal": (
        ("size",),
        {"graduates": "normal", "growth": "normal"},
        "growth",
        ("size", "graduates"),
    ),
    "pmm": (
        ("size",),
        {"graduates": "pmm", "growth": "pmm"},
        "growth",
        ("size", "graduates"),
    ),
    "mixed": (
        ("size",),
        {
            "graduates": "normal",
            "exporter": "logit",
            "industry": "multinomial_logit",
            "growth": "normal",
        },
        "growth",
        ("size", "graduates", "exporter", "industry"),
    ),
    "ordered": (("size",), {"novelty": "ordered_logit"}, "size", ("novelty",)),
}


def fitted(case: str, count: int) -> Pooled:
    complete, methods, outcome, regressors = CASES[case]
    recipe = Recipe(
        models={name: ImputationModel(KINDS[name], method) for name, method in methods.items()},
        complete={name: KINDS[name] for name in complete},
    )
    imputations = impute(
        witness_firms(), recipe, count=count, seed=2, iterations=1 if case == "ordered" else 10
    )
    return fit_imputed(
        imputations,
        lambda data: (data[outcome], of(data, *regressors)),
        estimator="linear",
        covariance="model",
        design=plainly(500),
    ).pooled


def expectations(case: str, what: str, terms: Sequence[str]) -> np.ndarray:
    return np.array([said(case, what, term) for term in terms])


def agree_but_for_chance(case: str, count: int) -> None:
    pooled = fitted(case, count)

    between = expectations(case, "between", pooled.terms)
    expected = expectations(case, "estimate", pooled.terms)
    chance = np.sqrt(between / R_IMPUTATIONS + np.diag(pooled.between) / count)
    assert np.all(np.abs(pooled.coefficients - expected) < CHANCE * chance)
    ratio = np.diag(pooled.between) / between
    assert np.all((ratio > SPREAD[0]) & (ratio < SPREAD[1]))
    within = expectations(case, "within", pooled.terms)
    assert np.diag(pooled.within) == pytest.approx(within, rel=0.05)


@pytest.mark.parametrize("case", ["normal", "pmm", "ordered"])
def test_imputed_firms_give_what_mice_gives_but_for_chance(case: str) -> None:
    agree_but_for_chance(case, 60)


def test_imputed_levels_give_what_mice_gives_but_for_chance() -> None:
    agree_but_for_chance("mixed", 30)
