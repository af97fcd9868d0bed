"""A plan tried on a few firms: every model is gone through, nothing of it is a finding."""

import json

import numpy as np
import pytest

from analysis.pipeline.trial import drawn, subset, trial
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of

FIRMS = 900
PLAN = """
title: t
covariance: {covariance}
design: {design}
{more}
models:
  - {{name: All, outcome: 'innovation.product[good]', formula: ln_employment}}
  - {{name: Nobody, outcome: 'innovation.product[good]', formula: ln_employment, subpopulation: control.employment < 0}}
  - {{name: Twice, outcome: ln_employment, estimator: linear, formula: control.age + control.foreign_share}}
"""


def plan(covariance="design", design="design", more=""):
    return read_plan(PLAN.format(covariance=covariance, design=design, more=more))


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(7)
    stratum = rng.choice(["a", "b", "c", "small"], FIRMS, p=[0.5, 0.3, 0.19, 0.01])
    age = rng.integers(1, 40, FIRMS).astype(float)
    return dataset_of(
        {
            "control.employment": (np.exp(rng.normal(3, 1, FIRMS)).round() + 1).tolist(),
            "control.age": age.tolist(),
            "control.foreign_share": (2 * age).tolist(),
            "innovation.product[good]": rng.integers(0, 2, FIRMS).astype(float).tolist(),
        },
        weight=rng.uniform(1, 4, FIRMS).tolist(),
        stratum=stratum.tolist(),
        population=[100_000.0] * FIRMS,
    )


def test_about_two_hundred_firms_are_drawn_as_the_strata_are_and_two_of_the_smallest(data):
    rows = drawn(data, 200, seed=1)
    stratum = data.design["stratum"]
    shares = stratum.iloc[rows].value_counts(normalize=True)

    assert abs(len(rows) - 200) <= 4
    assert len(set(rows)) == len(rows)
    assert abs(shares["a"] - stratum.value_counts(normalize=True)["a"]) < 0.02
    assert (stratum.iloc[rows] == "small").sum() >= 2
    assert rows.tolist() == drawn(data, 200, seed=1).tolist()
    assert rows.tolist() != drawn(data, 200, seed=2).tolist()


def test_no_more_firms_are_drawn_than_there_are(data):
    assert len(drawn(subset(data, np.arange(50)), 200, seed=1)) == 50


def test_every_model_is_told_how_it_fared_and_no_number_of_it(data):
    found = trial(data, plan())
    by_name = {each.name: each for each in found.models}

    assert (found.of, found.left) == (FIRMS, 0)
    assert by_name["All"].n == found.firms
    assert by_name["All"].refusal is None
    assert by_name["Nobody"].refusal.code == "no_rows"
    assert by_name["Twice"].dropped[0][0] == "control.foreign_share"
    told = json.dumps(found.document())
    assert '"trial": true' in told
    assert not any(word in told for word in ('estimate"', "std_error", "p_value", "coefficient"))


def test_more_models_than_a_trial_takes_are_left(data):
    found = trial(data, plan(), most=1)

    assert ([each.name for each in found.models], found.left) == (["All"], 2)


def test_no_model_is_begun_when_the_time_is_over(data):
    assert trial(data, plan(), seconds=-1).left == 3


def test_ten_thousand_replicates_are_tried_with_a_few(data):
    found = trial(
        data,
        plan(
            covariance="replicate",
            design="{replicates: bootstrap, count: 10000, population: none}",
            more="bootstrap: {replicates: 10000}",
        ),
    )

    assert found.models[0].refusal is None
    assert found.models[0].seconds < 5
    assert "Bootstrap and permutation were not tried." in found.notes


def test_models_of_a_curve_are_among_those_tried(data):
    curve = read_plan(
        "title: t\ncurve: {outcomes: ['innovation.product[good]'], measures: [ln_employment], "
        "optional: [control.age, ln_employment:control.age], estimators: [logit, linear]}"
    )

    found = trial(data, curve)

    assert len(found.models) >= 2
    assert found.notes[0].startswith("Of the 8 models of the curve")


def test_a_wave_without_answers_is_refused(data):
    with pytest.raises(Refusal) as refused:
        trial(subset(data, np.arange(0)), plan())

    assert refused.value.code == "no_responses"


def test_a_stratum_that_is_lonely_only_in_the_trial_does_not_stop_it():
    count = 600
    data = dataset_of(
        {
            "control.employment": [float(n % 50 + 1) for n in range(count)],
            "innovation.product[good]": [float(n % 3 == 0) for n in range(count)],
        },
        stratum=[f"s{n // 2}" for n in range(count)],
    )

    found = trial(data, read_plan("title: t\nmodels: [{name: a, outcome: 'innovation.product[good]', formula: ln_employment}]"))  # fmt: skip

    assert found.models[0].refusal is None
    assert any("Strata" in note for note in found.notes)
