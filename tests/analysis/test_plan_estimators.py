"""Every estimator of the registry through a plan, held against the estimator itself."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import yaml

from analysis import pipeline
from analysis.estimation.estimates import Estimates
from analysis.estimation.registry import ESTIMATORS
from analysis.estimation.regression import Model, assembled, estimate
from analysis.estimation.replication import replicate_weights
from analysis.refusals import Refusal
from analysis.specification.plan import COVARIANCES, read_plan
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.document_tables import table_of_document
from analysis.tables.presets import PRESETS
from tests.analysis.plans_of_estimators import CASES, PAIRS, design_of, firms

# Both sides are the same arithmetic on the same numbers; only columns are made in two ways.
RTOL = 1e-12
# Enough that every estimator has degrees of freedom left, few enough to be quick.
REPLICATES = {"replicates": "bootstrap", "count": 24, "seed": 5}
NO_WEIGHTS = {"weights": "none", "strata": "none"}


def plan_of(*models, **more):
    return read_plan(yaml.safe_dump({"title": "T", "models": list(models), **more}))


def case_of(name, *, is_weighted):
    """Its case; weights within regions are part of the weights."""
    case = CASES[name]
    outcomes = {role: each for role, each in case.outcomes.items() if role != "within"}
    return case if is_weighted else replace(case, outcomes=outcomes)


def design_asked(covariance):
    if covariance == "model":
        return NO_WEIGHTS
    return REPLICATES if covariance == "replicate" else {}


@cache
def results(name):
    """One plan with a model for each covariance that the estimator claims."""
    models = [
        case_of(name, is_weighted=covariance != "model").model(
            name, name=covariance, covariance=covariance, design=design_asked(covariance)
        )
        for each, covariance in PAIRS
        if each == name
    ]
    return pipeline.run(CASES[name].dataset, plan_of(*models))


def models_of(name) -> Iterator[tuple[str, dict]]:
    for model in results(name).estimates_document["models"]:
        yield model["covariance_type"], model


@cache
def solved(name, is_weighted) -> Model:
    """The estimator called by hand."""
    case = case_of(name, is_weighted=is_weighted)
    design = design_of(case.dataset, is_weighted=is_weighted, has_strata=is_weighted)
    if is_weighted:
        made = replicate_weights(design, method="bootstrap", count=24, seed=5)
        design = design.with_replicates(made)
    return estimate(
        estimator=name,
        covariance="design" if is_weighted else "model",
        design=design,
        **case.by_hand(),
    )


def assert_same(lines: list[dict], estimates: Estimates) -> None:
    assert [line["term"] for line in lines] == list(estimates.terms)
    for key, numbers in (
        ("estimate", estimates.coefficients),
        ("std_error", estimates.std_errors),
        ("p_value", estimates.p_values),
    ):
        told = np.array([line[key] for line in lines], dtype=float)
        assert np.allclose(told, numbers, rtol=RTOL, atol=RTOL, equal_nan=True), key


def test_every_estimator_has_a_plan_and_no_plan_is_of_another():
    assert set(CASES) == set(ESTIMATORS)


def test_a_plan_gives_every_role_that_its_estimator_needs():
    for name, case in CASES.items():
        assert {role.name for role in ESTIMATORS[name].roles if role.is_needed} <= set(case.given)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_plan_gives_what_the_estimator_gives_under_every_covariance_it_claims(name):
    told = dict(models_of(name))

    assert set(told) == ESTIMATORS[name].covariances
    for covariance, model in told.items():
        alone = solved(name, covariance != "model").under(covariance)
        assert_same(model["terms"], alone.estimates)
        if alone.derived is not None:
            assert_same(model["derived"], alone.derived)
        assert model["n"] == alone.fitted.n


@pytest.mark.parametrize("name", ESTIMATORS)
def test_marginal_effects_are_those_of_the_estimator(name):
    _, model = next(models_of(name))
    alone = assembled(
        solved(name, model["covariance_type"] != "model").under(model["covariance_type"]),
        margins=True,
    )

    if alone.margins is None:
        assert (model["margins"], model["margins_of"]) == (None, "")
    else:
        assert_same(model["margins"], alone.margins)
        assert model["margins_of"] == alone.margins_of


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_document_is_json_without_anything_that_is_not_a_number(name):
    document = results(name).estimates_document

    assert json.loads(json.dumps(document, allow_nan=False)) == document


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_document_alone_gives_the_table_of_the_run_back_in_whatever_order_its_names_are(name):
    found = results(name)
    document = json.loads(json.dumps(found.estimates_document, sort_keys=True))

    assert table_of_document(document) == found.table
    if found.margins_table is not None:
        assert table_of_document(document, what="margins") == found.margins_table


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_lays_every_estimator_out(name, preset):
    document = results(name).estimates_document

    table = table_of_document(document, layout=PRESETS[preset].layout)

    assert all(len(row.cells) in (0, len(table.columns)) for row in table.rows)
    assert latex.render(table)
    assert markdown.render(table)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_table_is_rendered_in_every_format(name):
    found = results(name)

    for table in filter(None, (found.table, found.margins_table)):
        json.dumps(table.to_document(), allow_nan=False)
        for render in (html.render, latex.render, word.render, excel.render, delimited.render):
            assert render(table)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_no_name_of_the_program_is_shown_to_a_reader(name):
    found = results(name)

    for table in filter(None, (found.table, found.margins_table)):
        shown = [row.label for row in table.rows] + list(table.notes)
        assert [text for text in shown if "_" in text or "|" in text] == []


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_covariance_that_is_not_defined_is_refused_by_name(name):
    for covariance in set(COVARIANCES) - ESTIMATORS[name].covariances:
        model = CASES[name].model(name, covariance=covariance)

        with pytest.raises(Refusal, match=covariance) as caught:
            pipeline.run(CASES[name].dataset, plan_of(model))

        assert caught.value.code == "covariance_not_defined"


@pytest.mark.parametrize(
    "name", [name for name, each in ESTIMATORS.items() if "model" in each.covariances]
)
def test_model_based_standard_errors_are_refused_under_weights(name):
    model = CASES[name].model(name, covariance="model")

    with pytest.raises(Refusal, match=f"^Model “{name}”: Sampling weights say") as caught:
        pipeline.run(CASES[name].dataset, plan_of(model))

    assert caught.value.code == "model_covariance_with_weights"


@pytest.mark.parametrize("name", ESTIMATORS)
def test_what_was_given_stands_in_the_document(name):
    model = dict(models_of(name))["design"]

    assert model["with"] == CASES[name].given


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_name_that_the_wave_does_not_know_is_told_wherever_it_stands(name):
    case = CASES[name]
    unknown = {
        **dict.fromkeys((*case.outcomes, *case.labels), "shoes"),
        **dict.fromkeys(case.matrices, "shoes + hats"),
    }
    model = case.model(name) | {"with": case.given | unknown}

    told = [
        (problem.where, problem.code) for problem in pipeline.check(case.dataset, plan_of(model))
    ]

    names = bool(unknown) + bool(case.matrices)
    assert told == [(f"model {name}", "unknown_term")] * names


def test_standard_errors_clustered_by_a_label_that_the_plan_names():
    case = CASES["linear"]
    plan = plan_of(
        case.model("linear", covariance="cluster", design="none") | {"with": {"cluster": "region"}}
    )
    document = pipeline.run(firms(), plan).estimates_document["models"][0]

    assert document["n_clusters"] == 30
    assert document["with"] == {"cluster": "region"}


def test_firms_that_an_estimator_sets_aside_are_not_said_to_lack_answers():
    notes = " ".join(dict(models_of("conditional_logit"))["design"]["notes"])

    assert "never change in Product innovation" in notes
    assert "missing" not in notes


def test_tests_are_carried_out_on_the_model_and_told_in_table_and_document():
    model = CASES["linear"].model(
        "linear",
        formula="size + size^2 + exports",
        tests=["size = 0", "exports > 0", {"u_shape": "size"}],
    )

    found = pipeline.run(firms(), plan_of(model))

    tests = found.estimates_document["models"][0]["tests"]
    assert [(test["asked"], test["kind"]) for test in tests] == [
        ("size = 0", "joint"),
        ("exports > 0", "directed"),
        ("u_shape: size", "u_shape"),
    ]
    assert all(any(test["sentence"] in note for note in found.table.notes) for test in tests)


def test_an_outcome_whose_codes_are_no_numbers_is_refused():
    model = CASES["linear"].model("linear") | {"outcome": "sector"}

    with pytest.raises(Refusal, match="codes are not numbers") as caught:
        pipeline.run(firms(), plan_of(model))

    assert caught.value.code == "not_a_number"
