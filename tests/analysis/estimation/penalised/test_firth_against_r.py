"""Firth's penalised logit against brglm2 and, where that ends, against formulas written in R.

The script that asked R and the files it wrote lie in tests/witness; R is not needed here.
"""

import pandas as pd
import pytest

from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.penalised import FIRTH_LOGIT, profile_intervals
from analysis.estimation.regression import Model
from tests.analysis.estimation.instrumental.solving import solved
from tests.analysis.estimation.small import plain
from tests.witness import firms

# brglm2 stops on its own scores, at about 1e-11 of the coefficients.
AGREEMENT = 1e-9
# Ends of intervals where R's uniroot, at a tolerance of 1e-13, can no longer tell heights apart.
PROFILES = 1e-8

CASES = {
    "model": ("model", ()),
    "HC0": ("HC0", ()),
    "HC1": ("HC1", ()),
    "cluster": ("cluster", ("clusters",)),
    "design": ("design", ("weights", "strata", "clusters", "population")),
}


def rows(case: str, what: str) -> pd.DataFrame:
    table = firms.witness("firth")
    return table[(table["case"] == case) & (table["what"] == what)]


def endometrial() -> Model:
    data = pd.read_csv(firms.FOLDER / "firth_endometrial.csv")
    matrix = plain(NV=data["NV"], PI=data["PI"], EH=data["EH"])
    return solved(data["HG"], matrix, FIRTH_LOGIT, "model")


def test_separated_data_agree_with_brglm2() -> None:
    expected = rows("endometrial", "model")

    estimates = endometrial().estimates

    assert list(estimates.terms) == list(expected["term"])
    assert estimates.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(expected["second"].to_numpy(), rel=AGREEMENT)


def test_profile_intervals_agree_with_those_written_out() -> None:
    expected = rows("endometrial", "profile")

    found = profile_intervals(endometrial().fitted)

    assert [each.term for each in found] == list(expected["term"])
    assert [each.lower for each in found] == pytest.approx(list(expected["estimate"]), rel=PROFILES)
    assert [each.upper for each in found] == pytest.approx(list(expected["second"]), rel=PROFILES)
    assert [each.statistic for each in found] == pytest.approx(
        list(expected["third"]), rel=PROFILES
    )


def test_the_penalised_log_likelihood_agrees() -> None:
    expected = rows("endometrial", "penalised_log_likelihood")["estimate"].item()

    measures = endometrial().fitted.solution.fit_measures

    assert measures["penalised_log_likelihood"] == pytest.approx(expected, rel=AGREEMENT)


@pytest.mark.parametrize("case", CASES)
def test_the_made_firms_agree_under_every_covariance(case: str) -> None:
    covariance, parts = CASES[case]
    expected = rows("firms", case)
    data = firms.firms()
    matrix = design_matrix(
        (
            Column(INTERCEPT),
            Column("local", (Factor("local"),)),
            Column("I(local^2)", (Factor("local", "power", exponent=2),)),
            Column("world", (Factor("world"),)),
            Column("log(employment)", (Factor("employment", "log"),)),
            Column("graduates", (Factor("graduates"),)),
            Column("exporter", (Factor("exporter"),)),
        ),
        {name: data[name].to_numpy() for name in firms.KINDS},
        firms.KINDS,
    )

    model = solved(data["product"], matrix, FIRTH_LOGIT, covariance, design=firms.design(*parts))

    estimates = model.estimates
    assert list(estimates.terms) == list(expected["term"])
    assert estimates.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(expected["second"].to_numpy(), rel=AGREEMENT)
