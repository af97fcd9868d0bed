"""What a plan may not ask, because the numbers would look fine and not be."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from analysis import pipeline
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from tests.analysis.plans_of_estimators import CASES, firms, firms_in_regions


def plan_of(*models, **more):
    return read_plan(yaml.safe_dump({"title": "T", "models": list(models), **more}))


def model(name="A", outcome="product", formula="size + exports", **more):
    return {"name": name, "outcome": outcome, "formula": formula, "margins": False, **more}


def drawn_in_regions():
    """Regions were drawn, of forty in each stratum."""
    dataset = firms_in_regions()
    return replace(dataset, design=dataset.design.assign(population=40.0))


def std_errors(dataset, **more):
    return pipeline.run(dataset, plan_of(model(**more))).fits[0].estimates.std_errors


def test_the_population_of_clusters_is_refused_where_clusters_are_left_out():
    dataset, plan = drawn_in_regions(), plan_of(model(design={"clusters": "none"}))

    with pytest.raises(Refusal) as refused:
        pipeline.run(dataset, plan)

    assert refused.value.code == "population_of_clusters"
    assert "population: none" in refused.value.remedy
    assert [each.code for each in pipeline.check(dataset, plan)] == ["population_of_clusters"]


def test_descriptions_are_held_to_the_same():
    plan = plan_of(model(), descriptives=[{"outcome": "product", "design": {"clusters": "none"}}])

    assert [each.code for each in pipeline.check(drawn_in_regions(), plan)] == [
        "population_of_clusters"
    ]
    made = pipeline.run(drawn_in_regions(), plan)
    assert [each["code"] for each in made.estimates_document["not_described"]] == [
        "population_of_clusters"
    ]


def test_without_clusters_and_population_standard_errors_are_those_of_an_infinite_one():
    known = std_errors(drawn_in_regions(), design={"clusters": "none", "population": "none"})
    unknown = std_errors(firms_in_regions(), design={"clusters": "none"})

    np.testing.assert_array_equal(known, unknown)


def test_covariances_that_do_not_read_the_population_are_not_refused():
    std_errors(drawn_in_regions(), design={"clusters": "none"}, covariance="HC1")


def test_where_firms_were_drawn_their_population_stays_without_clusters():
    dataset = replace(firms(), design=firms().design.assign(population=1000.0))

    np.testing.assert_array_equal(
        std_errors(dataset, design={"clusters": "none"}), std_errors(dataset)
    )
    assert (std_errors(dataset) < std_errors(firms())).all()


@pytest.mark.parametrize(
    "more",
    [
        {"formula": "size + product"},
        {"formula": "size:product + exports"},
        {"formula": "size + same"},
        {"outcome": "same"},
        {"outcome": "patents", "estimator": "poisson", "with": {"exposure": "patents"}},
        {
            "outcome": "intensity",
            "estimator": "heckman",
            "with": {"selected": "does_rd", "selection": "size + near + intensity"},
        },
        {
            "outcome": "does_rd",
            "estimator": "heckman",
            "with": {"selected": "does_rd", "selection": "size + near"},
        },
        {"estimator": "bivariate_probit", "with": {"second_outcome": "product"}},
        {
            "outcome": "sales",
            "estimator": "two_stage_least_squares",
            "formula": "size + rd",
            "with": {"instruments": "subsidy + sales", "endogenous": "rd"},
        },
    ],
)
def test_an_outcome_does_not_explain_itself(more):
    asked = model(
        **{"formula": "size + product" if more.get("outcome") == "same" else "size"} | more
    )
    plan = plan_of(asked, define={"same": "product"})

    assert [each.code for each in pipeline.check(firms(), plan)] == ["outcome_among_terms"]
    with pytest.raises(Refusal) as refused:
        pipeline.run(firms(), plan)
    assert refused.value.code == "outcome_among_terms"


def test_a_limit_may_be_the_outcome_itself_and_a_definition_may_use_it():
    exact = model(outcome="sales", estimator="interval_regression", **{"with": {"upper": "sales"}})
    other = model("B", formula="size + more", covariance="HC1")

    plan = plan_of(exact, other, define={"more": "exports + 2 * near"})

    assert pipeline.check(firms(), plan) == ()
    pipeline.run(firms(), plan)


@pytest.mark.parametrize("name", ["heckman", "cdm", "interval_regression"])
def test_a_firm_without_its_cluster_is_outside_the_domain_and_counted(name):
    dataset, case = firms(), CASES[name]
    frame = dataset.frame.copy()
    place = int(np.flatnonzero(frame["size"].notna() & frame["lowest"].notna())[0])
    frame.loc[frame.index[place], "region"] = None
    dataset = replace(dataset, frame=frame)
    asked = case.model(name, covariance="cluster", margins=False)
    asked["with"] = {**asked["with"], "cluster": "region"}

    (found,) = pipeline.run(dataset, plan_of(asked)).estimates_document["models"]

    (whole,) = pipeline.run(firms(), plan_of(asked)).estimates_document["models"]
    assert found["n"] == whole["n"] - 1
    assert any("1 firms left out for missing values." in note for note in found["notes"])
