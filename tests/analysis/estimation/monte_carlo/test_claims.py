"""Every claim to a covariance is held to, or excepted with a reason."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.estimation.registry import ESTIMATORS
from benchmarks.monte_carlo.claims import NOT_REPLICATED, unheld
from benchmarks.monte_carlo.registry import SCENARIOS
from benchmarks.monte_carlo.runner import generator, outcomes

RESULTS = Path(__file__).parents[4] / "docs" / "methods" / "monte-carlo.json"


def published():
    return json.loads(RESULTS.read_text())["rows"]


def test_the_published_table_holds_every_estimator_to_every_covariance_it_claims():
    assert unheld((row["estimator"], row["covariance"]) for row in published()) == set()


def test_exceptions_are_claims_that_no_scenario_holds():
    held = {(row["estimator"], row["covariance"].partition(",")[0]) for row in published()}

    assert not held & set(NOT_REPLICATED)
    for name, covariance in NOT_REPLICATED:
        assert covariance in ESTIMATORS[name].covariances


def test_a_claim_that_is_not_held_is_named():
    held = [(row["estimator"], row["covariance"]) for row in published()]
    without = [each for each in held if each[0] != "tobit" or each[1] != "HC0"]

    assert unheld(without) == {("tobit", "HC0")}


def test_the_published_table_is_of_scenarios_as_they_are():
    for row in published():
        scenario = SCENARIOS[row["scenario"]]
        assert row["note"] == scenario.note
        assert [term["term"] for term in row["terms"]] == list(scenario.terms)
        truth = [term["truth"] for term in row["terms"]]
        np.testing.assert_allclose(truth, scenario.truth, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_estimates_the_terms_whose_truth_it_knows(name):
    scenario = SCENARIOS[name]

    found = outcomes(scenario, generator(name, 20_261_121, 0))

    assert not isinstance(found, str), found
    assert all(len(each.deviation) == len(scenario.truth) for each in found.values())
