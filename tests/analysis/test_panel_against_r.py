"""Two waves, the whole way from answers in the database to estimates.json, against R."""

import json
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from surveys.models import Case
from tests.analysis.panel_waves import WITH_EXPORTS, instrument_of, make_followed_wave
from tests.factories import make_frame, make_survey

WITNESS = Path(__file__).resolve().parents[1] / "witness"
RTOL = 1e-8
PLAN = """
title: Two waves
waves: [2023, 2025]
margins: no
define:
  lp: log(control.employment)
  exports: control.export_share
  later: panel.wave = '2025'
  good: innovation.product[good]
models:
  - {name: pooled_linear, outcome: lp, estimator: linear, formula: exports + later}
  - {name: pooled_logit, outcome: good, formula: lp + exports + later}
  - {name: change_on_lags, outcome: change(lp), estimator: linear, formula: lag(exports) + lag(lp)}
  - {name: logit_on_lags, outcome: good, formula: lag(good) + lag(exports)}
  - name: within
    outcome: lp
    estimator: fixed_effects
    covariance: model
    design: none
    formula: exports + good
    with: {unit: panel.unit, wave: panel.wave, wave_effects: yes}
  - name: belderbos
    outcome: lp
    estimator: lagged_outcome
    covariance: model
    design: none
    formula: exports
    with: {unit: panel.unit, wave: panel.wave, form: growth}
  - name: cross
    outcome: lp
    estimator: cross_lagged
    covariance: cluster
    design: none
    formula: "1"
    with: {unit: panel.unit, wave: panel.wave, other: exports}
descriptives:
  - {name: mean_of_change, outcome: change(lp)}
"""
TERMS = {
    "Intercept": "(Intercept)",
    "lag(exports)": "lag_exports",
    "lag(lp)": "lag_lp",
    "lag(good)": "lag_good",
    "outcome_lag": "lag_lp",
    "exports (t-1)": "lag_exports",
    "other_lag": "lag_exports",
    "wave|2025": "later",
}


@pytest.fixture
def waves(db):
    frame = make_frame(make_survey())
    instrument = instrument_of(WITH_EXPORTS)
    firms = pd.read_csv(WITNESS / "waves_firms.csv")
    made = []
    for year, rows in firms.groupby("wave"):
        answers = {
            row.firm: {"new_good": row.new_good, "persons": row.persons, "exports": row.exports}
            for row in rows.itertuples()
        }
        wave = make_followed_wave(frame, instrument, year, answers, strata=range(3))
        strata = {each.label: each for each in wave.strata.all()}
        for row in rows.itertuples():
            Case.objects.filter(wave=wave, unit__register_id=f"R{row.firm}").update(
                design_weight=row.weight, stratum=strata[f"stratum {row.stratum}"]
            )
        made.append(wave)
    return made


@pytest.fixture
def document(waves, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    wave = ("--survey", "knowledge", "--wave", "2025")
    call_command("check_plan", str(path), *wave)
    call_command("run_plan", str(path), *wave, "--out", str(tmp_path))
    return json.loads((tmp_path / "estimates.json").read_text())


def witness(model):
    table = pd.read_csv(WITNESS / "waves.csv", comment="#")
    return table[table["model"] == model].set_index("term")


def held_against(terms, expected, numbers=("estimate", "std_error")):
    found = {TERMS.get(each["term"], each["term"]): each for each in terms}
    assert set(expected.index) <= set(found)
    for term in expected.index:
        for number in numbers:
            wanted = expected.loc[term, number]
            assert found[term][number] == pytest.approx(wanted, rel=RTOL, abs=1e-12), (term, number)


@pytest.mark.slow
def test_models_of_two_waves_agree_with_r_in_every_term(document):
    models = {each["name"]: each for each in document["models"]}

    assert document["not_estimated"] == []
    for name in ("pooled_linear", "pooled_logit", "change_on_lags", "logit_on_lags", "within",
                 "belderbos"):  # fmt: skip
        held_against(models[name]["terms"], witness(name))
    terms = models["cross"]["terms"]
    own = [each for each in terms if not each["equation"]]
    other = [
        each | {"term": each["term"].partition("|")[2]}
        for each in terms
        if each["equation"] == "other"
    ]
    # Equation by equation least squares; the covariance is that of clusters, not of R's lm.
    held_against(own, witness("cross_own"), ("estimate",))
    held_against(other, witness("cross_other"), ("estimate",))
    (mean,) = document["descriptives"][0]["terms"]
    held_against([mean | {"term": "Intercept"}], witness("mean_of_change"))


@pytest.mark.slow
def test_the_counts_of_the_data_set_are_of_firms_and_of_rows(document):
    data = document["data"]
    models = {each["name"]: each for each in document["models"]}

    assert (data["n_responding"], data["n_firms"], data["n_firms_in_every_wave"]) == (126, 76, 50)
    assert (models["pooled_linear"]["n"], models["pooled_linear"]["n_clusters"]) == (126, 76)
    assert models["change_on_lags"]["n"] == 50


def test_a_plan_whose_waves_make_no_panel_is_refused_by_the_commands(waves, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("[2023, 2025]", "[2025, 2031]"))
    wave = ("--survey", "knowledge", "--wave", "2025")

    with pytest.raises(CommandError, match="1 problem"):
        call_command("check_plan", str(path), *wave)
    with pytest.raises(CommandError, match="no wave “2031”"):
        call_command("run_plan", str(path), *wave, "--out", str(tmp_path))
