"""“Table 1” and correlations against R's survey 4.1-1; the script is tests/witness/composed.R."""

import numpy as np
import pytest

from analysis.specification.correlating import correlation_matrix
from analysis.specification.model import Described, DesignChoice
from analysis.specification.table_one import table_one
from tests.witness import composed, firms

# Sums in another order; svyglm stops iterating at 1e-8.
AGREEMENT = 1e-11
SVYGLM = 1e-7
DESIGN = ("weights", "strata", "clusters", "population")


def asked(statistic, variables, **more):
    return Described(
        name="",
        statistic=statistic,
        outcome="",
        covariance="design",
        design=DesignChoice(),
        variables=variables,
        **more,
    )


def parts(variable, by):
    results = table_one(
        asked("table_one", (variable,), by=by),
        1,
        composed.vocabulary(),
        firms.design(*DESIGN),
        len(firms.firms()),
    )
    return {result.part.role: result for result in results}


@pytest.mark.parametrize("by", ["exporter", "industry"])
@pytest.mark.parametrize("variable", ["employment", "graduates"])
def test_means_and_deviations_agree(variable, by):
    found = parts(variable, by)

    for mean, deviation in (("level", "deviation"), ("level_by", "deviation_by")):
        level, spread = found[mean].description, found[deviation].description
        for at, column in enumerate(found[mean].part.columns):
            assert level.estimates.coefficients[at] == pytest.approx(
                composed.said(by, variable, column, "estimate"), rel=AGREEMENT
            )
            assert level.estimates.std_errors[at] == pytest.approx(
                composed.said(by, variable, column, "std_error"), rel=AGREEMENT
            )
            assert spread.estimates.coefficients[at] == pytest.approx(
                composed.said(by, variable, column, "deviation"), rel=AGREEMENT
            )


@pytest.mark.parametrize("by", ["exporter", "industry"])
@pytest.mark.parametrize("variable", ["employment", "graduates"])
def test_the_f_of_equal_means_and_the_standardised_difference_agree(variable, by):
    more = parts(variable, by)["level"].part.more

    for quantity, value in more["test"].items():
        expected = composed.said(by, variable, "test", quantity)
        assert value == pytest.approx(expected, rel=SVYGLM), quantity
    assert more["difference"] == pytest.approx(
        composed.said(by, variable, "test", "difference"), rel=AGREEMENT
    )


def test_of_two_groups_the_f_has_the_p_of_the_t_test():
    more = parts("employment", "exporter")["level"].part.more

    assert more["test"]["p_value"] == pytest.approx(
        composed.said("exporter", "employment", "test", "svyttest"), rel=SVYGLM
    )


@pytest.mark.parametrize(
    ("variable", "by"), [("product", "exporter"), ("product", "industry"), ("industry", "exporter")]
)
def test_shares_their_test_and_their_distance_agree(variable, by):
    found = parts(variable, by)
    levels = [level for level, _ in found["level"].part.more["levels"]]

    for role in ("level", "level_by"):
        columns = found[role].part.columns
        shares = found[role].description.estimates.coefficients.reshape(len(columns), -1)
        for column, line in zip(columns, shares, strict=True):
            for level, share in zip(levels, line, strict=True):
                expected = composed.said(by, variable, f"{column}/{level}", "estimate")
                assert share == pytest.approx(expected, rel=AGREEMENT)
    more = found["level"].part.more
    for quantity in ("statistic", "p_value"):
        assert more["test"][quantity] == pytest.approx(
            composed.said(by, variable, "test", quantity), rel=1e-9
        )
    assert more["difference"] == pytest.approx(
        composed.said(by, variable, "test", "difference"), rel=1e-9
    )


def test_the_missing_are_counted():
    more = parts("graduates", "exporter")["level"].part.more
    blank = int(firms.firms()["graduates"].isna().sum())

    assert blank > 0
    assert (more["missing"], more["n"]) == (blank, len(firms.firms()) - blank)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_correlations_agree(missing):
    names = ("employment", "growth", "local", "graduates")
    results = correlation_matrix(
        asked("correlation", names, missing=missing),
        1,
        composed.vocabulary(),
        firms.design(*DESIGN),
        len(firms.firms()),
    )
    pairs = [result for result in results if result.part.role == "pair"]

    assert len(pairs) == 6
    for result in pairs:
        pair = result.asked.outcome.replace(", ", " ")
        found = result.description.estimates
        assert found.coefficients[0] == pytest.approx(
            composed.said(missing, pair, "", "estimate"), rel=1e-10
        )
        assert found.std_errors[0] == pytest.approx(
            composed.said(missing, pair, "", "std_error"), rel=1e-9
        )
        assert result.part.more["p_value"] == pytest.approx(
            composed.said(missing, pair, "", "p_value"), rel=1e-8
        )
        assert result.part.more["n"] == composed.said(missing, pair, "", "n")


def test_a_p_value_below_five_per_cent_is_an_interval_without_nought():
    names = ("employment", "growth", "local", "graduates")
    results = correlation_matrix(
        asked("correlation", names, missing="listwise"),
        1,
        composed.vocabulary(),
        firms.design(*DESIGN),
        len(firms.firms()),
    )

    for result in results:
        if result.part.role == "pair":
            low, high = result.description.intervals[0]
            assert (result.part.more["p_value"] < 0.05) == (low > 0 or high < 0)
            assert np.isfinite([low, high]).all()
