"""Every description against R's survey 4.1-1; the script that asked R is in tests/witness."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.descriptive import (
    change,
    covariances,
    cross_tabulation,
    differences,
    means,
    quantiles,
    ratios,
    shares,
    totals,
    variances,
)
from analysis.estimation.design import survey_design
from analysis.estimation.replicates import ReplicateWeights
from tests.witness import firms
from tests.witness.descriptive import CASES, data, said

# Rounding in sums: less than 3e-14 was seen, and other machines add up in other orders.
AGREEMENT = 1e-12
# R's scipy-like routines for the beta law and for F differ in the last digits.
TAILS = 1e-9
# svyciprop's logit goes through svyglm, which stops iterating at 1e-8.
SVYGLM = 1e-6

everywhere = pytest.mark.parametrize("case", CASES)


def check(description, case, statistic, quantities=("estimate", "std_error", "lower", "upper")):
    seen = {
        "estimate": description.estimates.coefficients,
        "std_error": description.estimates.std_errors,
        "lower": description.intervals[:, 0],
        "upper": description.intervals[:, 1],
        "deff": description.effects.without_replacement,
        "deff_replace": description.effects.with_replacement,
    }
    for quantity in quantities:
        expected = said(case, statistic, quantity).to_numpy()
        assert seen[quantity] == pytest.approx(expected, rel=AGREEMENT), quantity


@everywhere
def test_degrees_of_freedom_agree(case):
    asked = CASES[case]

    assert {asked.scope["design"].degrees_of_freedom(asked.scope["domain"])} == set(
        said(case, "design", "df")
    )


@everywhere
@pytest.mark.parametrize(("statistic", "function"), [("total", totals), ("mean", means)])
def test_totals_and_means_and_their_design_effects_agree(case, statistic, function):
    asked = CASES[case]

    found = function(asked.values(asked.number), **asked.scope)

    check(found, case, statistic)
    check(found, case, statistic, ("deff", "deff_replace"))


def test_a_mean_with_missing_answers_agrees():
    asked = CASES["firms_full"]

    found = means(asked.values("graduates"), **asked.scope)

    check(found, "firms_full", "graduates")


@everywhere
def test_ratios_agree(case):
    asked = CASES[case]

    found = ratios(asked.values(asked.number), asked.values(asked.denominator), **asked.scope)

    check(found, case, "ratio", ("estimate", "std_error", "lower", "upper", "deff"))


@everywhere
def test_variances_agree(case):
    asked = CASES[case]

    check(variances(asked.values(asked.number), **asked.scope), case, "variance")


@everywhere
def test_covariances_agree(case):
    asked = CASES[case]

    found = covariances({name: asked.values(name) for name in asked.correlated}, **asked.scope)

    expected = {
        term: said(case, "covariance", "estimate")[term.replace("covariance[", "")[:-1]]
        for term in found.estimates.terms
    }
    errors = [
        said(case, "covariance", "std_error")[term.replace("covariance[", "")[:-1]]
        for term in found.estimates.terms
    ]
    # A covariance near zero is a difference of large products.
    assert found.estimates.coefficients == pytest.approx(list(expected.values()), rel=1e-10)
    assert found.estimates.std_errors == pytest.approx(errors, rel=AGREEMENT)


@everywhere
@pytest.mark.parametrize(
    ("interval", "method", "tolerance"),
    [
        ("logit", "xlogit", AGREEMENT),
        ("logit", "logit", SVYGLM),
        ("korn_graubard", "beta", TAILS),
        ("wald", "mean", AGREEMENT),
    ],
)
def test_shares_and_their_intervals_agree(case, interval, method, tolerance):
    asked = CASES[case]

    found = shares(asked.values(asked.share), interval=interval, **asked.scope)

    expected = [said(case, "share", side, method).iloc[0] for side in ("lower", "upper")]
    assert found.estimates.coefficients == pytest.approx(
        said(case, "share", "estimate", method).to_numpy(), rel=tolerance
    )
    assert found.estimates.std_errors == pytest.approx(
        said(case, "share", "std_error", method).to_numpy(), rel=tolerance
    )
    assert found.intervals[0] == pytest.approx(expected, rel=tolerance)


INTERVALS = {"woodruff": "mean", "woodruff_logit": "xlogit", "woodruff_korn_graubard": "beta"}


@pytest.mark.parametrize("case", [case for case in CASES if case != "nhanes"])
@pytest.mark.parametrize(("interval", "method"), INTERVALS.items())
@pytest.mark.parametrize("p", [0.25, 0.5, 0.8])
def test_quantiles_and_their_intervals_agree(case, interval, method, p):
    asked = CASES[case]

    found = quantiles(asked.values(asked.number), p, interval=interval, **asked.scope)

    term = f"{method} {p}"
    ends = [said(case, "quantile", side, term).iloc[0] for side in ("lower", "upper")]
    error = said(case, "quantile", "std_error", term).iloc[0]
    assert found.estimates.coefficients[0] == said(case, "quantile", "estimate", term).iloc[0]
    assert list(found.intervals[0]) == ends
    assert found.estimates.std_errors[0] == pytest.approx(error, rel=AGREEMENT)


@pytest.mark.parametrize(("interval", "method"), INTERVALS.items())
def test_the_interval_of_a_quantile_in_a_lump_is_not_read_above_it_as_r_does(interval, method):
    """Half of the sample of nhanes has the code 2: R takes the limits about the share up to 2."""
    asked = CASES["nhanes"]

    found = quantiles(asked.values("race"), 0.5, interval=interval, **asked.scope)

    assert said("nhanes", "quantile", "estimate", f"{method} 0.5").iloc[0] == 2
    assert said("nhanes", "quantile", "upper", f"{method} 0.5").iloc[0] == 3
    assert found.estimates.coefficients[0] == 2
    assert list(found.intervals[0]) == [2, 2]
    assert found.notes[0].startswith("So many firms share the answer at 'quantile[0.5]'")


@everywhere
@pytest.mark.parametrize(("statistic", "function"), [("mean", means), ("total", totals)])
def test_groups_and_the_covariance_between_them_agree(case, statistic, function):
    asked = CASES[case]

    found = function(asked.values(asked.number), by=asked.values(asked.by), **asked.scope)

    key = f"{statistic}_by"
    levels = list(said(case, key, "estimate").index)
    assert found.estimates.terms == tuple(f"{statistic}[{level}]" for level in levels)
    check(found, case, key, ("estimate", "std_error"))
    expected = np.column_stack([said(case, key, f"covariance {level}") for level in levels])
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert found.estimates.covariance / scale == pytest.approx(expected / scale, abs=AGREEMENT)


@everywhere
def test_the_difference_between_two_groups_agrees(case):
    asked = CASES[case]

    groups = means(asked.values(asked.number), by=asked.values(asked.by), **asked.scope)
    found = differences(groups).estimates

    assert found.coefficients[0] == pytest.approx(
        said(case, "contrast", "estimate").iloc[0], rel=1e-10
    )
    assert found.std_errors[0] == pytest.approx(
        said(case, "contrast", "std_error").iloc[0], rel=AGREEMENT
    )


@everywhere
def test_design_effects_of_shares_by_group_agree(case):
    asked = CASES[case]

    found = shares(
        asked.values(asked.share),
        by=asked.values(asked.by),
        interval="korn_graubard",
        **asked.scope,
    )

    expected = said(case, "share_by", "deff").to_numpy()
    assert found.effects.without_replacement == pytest.approx(expected, rel=AGREEMENT, nan_ok=True)


def tabulated(asked, **scope):
    rows, columns = (asked.values(name) for name in asked.table)
    return cross_tabulation(rows, columns, **(asked.scope | scope))


@everywhere
def test_counts_and_row_shares_of_a_table_agree(case):
    asked = CASES[case]

    found = tabulated(asked)

    for description, key, joint in (
        (found.counts, "count", "."),
        (found.row_shares, "row_share", ", "),
    ):
        for quantity, values in (
            ("estimate", description.estimates.coefficients),
            ("std_error", description.estimates.std_errors),
        ):
            expected = said(case, key, quantity)
            terms = [
                f"{row}{joint}{column}"
                for row in found.row_levels
                for column in found.column_levels
            ]
            assert values == pytest.approx(expected[terms].to_numpy(), rel=AGREEMENT)


TESTS = {
    "pearson_f": "F",
    "pearson_first_order": "Chisq",
    "wald": "Wald",
    "adjusted_wald": "adjWald",
}


@everywhere
@pytest.mark.parametrize("name", TESTS)
def test_tests_of_association_agree(case, name):
    test = tabulated(CASES[case]).tests[name]

    def expected(quantity):
        return said(case, "association", quantity, TESTS[name]).iloc[0]

    # Chi-square of R is not divided by its design effect: R prints Pearson's.
    if name != "pearson_first_order":
        assert test.statistic == pytest.approx(expected("statistic"), rel=1e-10)
        assert test.denominator_df == pytest.approx(expected("df2"), rel=1e-10)
    assert test.numerator_df == pytest.approx(expected("df1"), rel=1e-10)
    assert test.p_value == pytest.approx(expected("p_value"), rel=TAILS)


@pytest.mark.parametrize("name", ["pearson_f", "pearson_first_order"])
def test_an_empty_cell_has_no_part_in_tests_of_association_as_in_r(name):
    frame = firms.firms()
    size, kind = frame["size"].to_numpy(object), frame["industry"].to_numpy(object)
    kind = np.where((kind == "food") & (size == "large"), "metal", kind)

    found = cross_tabulation(kind, size, **CASES["firms_full"].scope)

    expected = said("gap", "association", "p_value", TESTS[name]).iloc[0]
    assert found.n.min() == 0
    assert found.tests[name].p_value == pytest.approx(expected, rel=TAILS)


def jackknifed():
    """The clusters of apiclus1 left out one by one."""
    frame = data("apiclus1")
    cluster, weight = frame["dnum"].to_numpy(), frame["pw"].to_numpy()
    left = pd.unique(cluster)
    n = len(left)
    weights = np.where(cluster[:, None] == left, 0.0, weight[:, None] * n / (n - 1))
    replicates = ReplicateWeights(weights, (n - 1) / n, np.ones(n), mse=True)
    return survey_design(count=len(frame), weight=weight, cluster=cluster, replicates=replicates)


@pytest.mark.parametrize("statistic", ["total", "mean", "ratio", "variance"])
def test_the_jackknife_agrees(statistic):
    asked, scope = CASES["apiclus1"], {"design": jackknifed(), "covariance": "replicate"}

    found = {
        "total": lambda: totals(asked.values("enroll"), **scope),
        "mean": lambda: means(asked.values("enroll"), **scope),
        "ratio": lambda: ratios(asked.values("api00"), asked.values("api99"), **scope),
        "variance": lambda: variances(asked.values("enroll"), **scope),
    }[statistic]()

    quantities = ("estimate", "std_error") + (() if statistic == "variance" else ("lower", "upper"))
    check(found, "apiclus1_jackknife", statistic, quantities)


def test_quantiles_under_the_jackknife_agree():
    found = quantiles(
        CASES["apiclus1"].values("enroll"), 0.5, design=jackknifed(), covariance="replicate"
    )

    check(found, "apiclus1_jackknife", "quantile")


@pytest.mark.parametrize("name", TESTS)
def test_tests_of_association_under_the_jackknife_agree(name):
    test = tabulated(CASES["apiclus1"], design=jackknifed(), covariance="replicate").tests[name]

    expected = said("apiclus1_jackknife", "association", "p_value", TESTS[name]).iloc[0]
    assert test.p_value == pytest.approx(expected, rel=TAILS)


def two_waves():
    frame, full = firms.firms(), firms.design("weights", "strata", "clusters", "population")
    growth = frame["growth"] * 0.7 + 0.05 * frame["local"] - 0.1 * frame["world"]
    later = survey_design(
        count=len(frame),
        weight=frame["weight"] * (1 + 0.2 * frame["exporter"]),
        stratum=frame["stratum"],
        cluster=frame["group"],
        population=frame["groups_on_frame"],
    )
    return means(frame["growth"], design=full), means(growth, design=later)


@pytest.mark.parametrize("case", ["panel", "apart"])
def test_change_between_waves_of_the_same_and_of_other_units_agrees(case):
    first, second = two_waves()
    groups = firms.firms()["group"].to_numpy()

    found = change(first, second, (groups, groups if case == "panel" else groups + " later"))

    estimates = found.comparison.estimates
    assert estimates.coefficients[0] == pytest.approx(
        said(case, "change", "estimate").iloc[0], rel=1e-10
    )
    assert estimates.std_errors[0] == pytest.approx(
        said(case, "change", "std_error").iloc[0], rel=AGREEMENT
    )
    assert estimates.residual_df == said(case, "change", "df").iloc[0]
