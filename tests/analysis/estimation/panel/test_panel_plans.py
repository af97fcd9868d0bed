"""Panel estimators through a plan, from a data set in long form to a table."""

import json
from functools import cache

import numpy as np
import pytest

from analysis import pipeline
from analysis.dataset import Dataset
from analysis.estimation.margins import average_marginal_effects
from analysis.pipeline import Results
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of
from tests.analysis.estimation.panel.small_panel import EVERY, each_estimator, on_panel, panel

# The same rows on both ways, but for the coordinates that columns are worked in.
SAME = 1e-9

NAMES = {
    "productivity": "control.export_share",
    "patents": "control.employment",
    "innovator": "innovation.product[good]",
    "networking": "control.graduate_share",
    "size": "control.age",
    "exporter": "control.group",
}
FORMULA_TERMS = ("control.graduate_share", "control.age", "control.group")
FORMULA = " + ".join(FORMULA_TERMS)
GIVEN = {
    "fixed_effects": "wave_effects: 'yes'",
    "long_differences": "lag: 2",
    "lagged_outcome": "form: growth",
    "correlated_random_effects": "response: probit",
    "cross_lagged": "other: control.graduate_share",
}


@cache
def dataset() -> Dataset:
    """The made panel: firms stand in control.region, waves in control.size_class."""
    data = panel()
    made = dataset_of(
        {
            "control.region": data["firm"],
            "control.size_class": data["wave"].astype(str),
            **{name: data[column].astype(float) for column, name in NAMES.items()},
        },
        weight=data["weight"].tolist(),
    )
    made.design["cluster"] = data["firm"].to_numpy()
    return made


def ran(name: str, *, formula: str = FORMULA, given: str | None = None, **keys: str) -> Results:
    extra = GIVEN.get(name, "") if given is None else given
    lines = {"covariance": "cluster", "design": "none", **keys}
    return pipeline.run(
        dataset(),
        read_plan(
            f"""
title: Firms over waves
models:
  - name: One
    outcome: "{NAMES[EVERY[name][1]]}"
    estimator: {name}
    formula: {formula}
    with: {{unit: control.region, wave: control.size_class{", " + extra if extra else ""}}}
    """
            + "\n    ".join(f"{key}: {value}" for key, value in lines.items())
        ),
    )


def directly(name: str, covariance: str = "cluster"):
    estimator, outcome, given = EVERY[name]
    given = dict(given)
    if other := given.pop("other", None):
        given["outcomes"] = {"other": panel()[other].to_numpy(dtype=float)}
    if name == "fixed_effects":
        given["words"] = {"wave_effects": "yes"}
    if name == "lagged_outcome":
        given["words"] = {"form": "growth"}
    regressors = ("size", "exporter") if name == "cross_lagged" else tuple(NAMES)[3:]
    return on_panel(estimator, outcome, regressors, covariance, **given)


def formula_of(name: str) -> str:
    return "control.age + control.group" if name == "cross_lagged" else FORMULA


@each_estimator
def test_a_plan_gives_what_the_estimator_gives(name: str) -> None:
    (fit,) = ran(name, formula=formula_of(name)).fits

    model = directly(name)
    np.testing.assert_allclose(
        fit.estimates.coefficients, model.estimates.coefficients, rtol=SAME, atol=1e-12
    )
    np.testing.assert_allclose(fit.estimates.std_errors, model.estimates.std_errors, rtol=SAME)
    assert (fit.n, fit.n_clusters) == (model.fitted.n, model.spread.n_clusters)
    assert fit.estimates.residual_df == fit.n_clusters - 1


@each_estimator
def test_its_document_is_plain_json_and_its_table_has_a_row_for_each_term(name: str) -> None:
    results = ran(name, formula=formula_of(name))

    (model,) = results.estimates_document["models"]
    assert json.loads(json.dumps(model, allow_nan=False)) == model
    terms = [term["term"] for term in model["terms"]]
    assert terms == list(results.fits[0].estimates.terms)
    shown = sum(row.kind == "estimate" for row in results.table.rows)
    assert shown >= len(terms)


@each_estimator
def test_weights_and_design_of_the_firms_are_heeded(name: str) -> None:
    (fit,) = ran(
        name,
        formula=formula_of(name),
        covariance="design",
        design="{weights: design, strata: none, clusters: design, population: none}",
    ).fits

    assert fit.n_clusters == ran(name, formula=formula_of(name)).fits[0].n_clusters
    assert fit.population is not None
    assert np.all(fit.estimates.std_errors > 0)


def test_rows_drawn_one_by_one_are_refused_with_the_name_of_the_model() -> None:
    with pytest.raises(Refusal) as refusal:
        ran("fixed_effects", covariance="design")

    assert refusal.value.code == "unit_in_two_clusters"
    assert "“One”" in str(refusal.value)


def test_a_model_without_its_wave_is_told_so_before_it_runs() -> None:
    with pytest.raises(Refusal) as refusal:
        read_plan(
            """
title: Firms over waves
models:
  - name: One
    outcome: control.export_share
    estimator: fixed_effects
    formula: control.age
    with: {unit: control.region}
"""
        )

    assert "wave" in str(refusal.value)


def test_effects_of_lagged_models_are_their_coefficients_and_not_given_twice() -> None:
    for name in ("lagged_outcome", "cross_lagged"):
        results = ran(name, formula=formula_of(name))

        assert results.fits[0].margins is None
        assert results.margins_table is None


def test_a_wave_that_is_a_number_is_read_as_one() -> None:
    made = dataset_of(
        {
            "control.region": panel()["firm"],
            "control.age": panel()["wave"].astype(float),
            "control.export_share": panel()["productivity"],
            "control.graduate_share": panel()["networking"],
        }
    )
    plan = read_plan(
        """
title: Firms over waves
models:
  - name: One
    outcome: control.export_share
    estimator: first_differences
    formula: control.graduate_share
    covariance: cluster
    design: none
    with: {unit: control.region, wave: control.age, step: 2}
"""
    )

    (fit,) = pipeline.run(made, plan).fits

    assert fit.n == 329
    assert "Waves in order: 2010, 2012, 2014, 2016." in fit.notes


@pytest.mark.parametrize("name", ["correlated_random_effects", "fixed_effects"])
def test_margins_of_a_plan_are_those_of_the_model(name: str) -> None:
    (fit,) = ran(name).fits

    expected = average_marginal_effects(directly(name).margins())
    assert expected is not None
    assert fit.margins is not None
    assert fit.margins.terms == FORMULA_TERMS
    np.testing.assert_allclose(fit.margins.coefficients, expected.coefficients, rtol=SAME)
    np.testing.assert_allclose(fit.margins.std_errors, expected.std_errors, rtol=1e-7)


@pytest.mark.parametrize(("way", "clusters"), [("control.region", 150), ("control.size_class", 4)])
def test_a_plan_may_say_by_what_to_cluster(way: str, clusters: int) -> None:
    (fit,) = ran("fixed_effects", given=f"cluster: {way}").fits

    assert fit.n_clusters == clusters


def test_yes_may_be_written_without_quotes() -> None:
    (fit,) = ran("fixed_effects", given="wave_effects: yes").fits

    assert "wave|2012" in fit.estimates.terms


def test_rows_that_serve_as_lags_are_not_called_missing() -> None:
    table = ran("first_differences").table

    assert not any("missing values" in note for note in table.notes)
