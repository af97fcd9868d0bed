"""The real survey, the whole way from its file to estimates.json, against what R makes of it."""

import json
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
# R iterates to a relative deviance of 1e-14; what is left is rounding.
RTOL = 1e-8
MODELS = {
    "Product innovation": "product",
    "New to market": "market",
    "Process innovation": "process",
    "New to market, weighted": "market_weighted_HC1",
    "New to market, design-based": "market_weighted_design",
}
TERMS = {
    "partners.home": "home",
    "partners.latin_america": "latin_america",
    "partners.farther": "farther",
    "foreign_owned": "foreign",
    "in_group": "group",
    "indicator(control.region = '17')": "pichincha",
    "indicator(control.region = '9')": "guayas",
    "control.industry[2]": "sector42",
    "control.industry[3]": "sector43",
    "control.industry[4]": "sector44",
}


@pytest.fixture
def estimates(db, shared_data, tmp_path):
    wave = ("--survey", "acti", "--wave", "2012-2014")
    call_command(
        "import_microdata",
        str(shared_data / "ec_acti_2012_2014.csv"),
        *("--codebook", str(shared_data / "ec_acti_2012_2014_codebook.csv")),
        *("--mapping", str(ROOT / "surveys/mappings/ec_acti.yaml")),
        *wave,
    )
    call_command(
        "run_plan", str(ROOT / "analysis/plans/ec_acti.yaml"), *wave, "--out", str(tmp_path)
    )
    return json.loads((tmp_path / "estimates.json").read_text())


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_plan_of_the_real_survey_agrees_with_r_in_every_term(estimates):
    witness = pd.read_csv(ROOT / "tests/witness/acti.csv", comment="#")

    for model in estimates["models"]:
        expected = witness[witness["model"] == MODELS[model["name"]]].set_index("term")
        found = {TERMS.get(term["term"], term["term"]): term for term in model["terms"]}
        assert (found.keys(), model["n"]) == (set(expected.index), expected["n"].iloc[0])
        for name, term in found.items():
            for number in ("estimate", "std_error"):
                assert term[number] == pytest.approx(expected.loc[name, number], rel=RTOL), name
    assert [model["name"] for model in estimates["models"]] == list(MODELS)
