"""Imputation of samples: strata, clusters and weights."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.imputation import (
    DesignUse,
    ImputationModel,
    Imputations,
)
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed, recipe

NORMAL = {"a": ImputationModel("continuous", "normal")}


def same(one: Imputations, other: Imputations) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(mine[name], theirs[name])
        for mine, theirs in zip(one.cells, other.cells, strict=True)
        for name in mine
    )


def stratified(strata: int, n: int = 400) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """An answer that is mostly the level of the stratum, a third of it missing."""
    random = np.random.default_rng(1)
    stratum = np.arange(n) % strata
    level = np.linspace(-3, 3, strata)[stratum]
    a = level + 0.5 * random.normal(size=n)
    a[random.random(n) < 0.33] = np.nan
    return {"x": random.normal(size=n), "a": a}, stratum


@pytest.mark.parametrize("strata", [4, 40])
def test_imputed_answers_keep_the_levels_of_strata(strata: int) -> None:
    data, stratum = stratified(strata)
    use = DesignUse(survey_design(count=400, stratum=stratum))
    asked = recipe(models={"a": ImputationModel("continuous", "normal")}, design=use)

    found = imputed(data, asked, iterations=6)

    level = np.linspace(-3, 3, strata)[stratum]
    missed = found.rows["a"]
    assert np.std(found.cells[0]["a"] - level[missed]) < 0.75
    shrunken = any("shrunken" in note for note in found.notes)
    assert shrunken == (strata == 40)


def test_levels_keep_the_levels_of_many_strata() -> None:
    data, stratum = stratified(40)
    data["a"] = np.where(np.isnan(data["a"]), np.nan, (data["a"] > 0) * 1.0)
    use = DesignUse(survey_design(count=400, stratum=stratum))
    asked = recipe(models={"a": ImputationModel("binary")}, design=use)

    found = imputed(data, asked, iterations=8)

    right = found.cells[0]["a"] == (np.linspace(-3, 3, 40)[stratum][found.rows["a"]] > 0)
    assert right.mean() > 0.75


def test_too_many_clusters_are_left_out_and_said() -> None:
    data = drawn(n=600)
    use = DesignUse(survey_design(count=600, cluster=np.arange(600) // 2))

    found = imputed(data, recipe(design=use), count=1, iterations=1)

    assert any("300 clusters are too many" in note for note in found.notes)


def test_few_clusters_are_shrunken() -> None:
    data = drawn()
    use = DesignUse(survey_design(count=300, cluster=np.arange(300) // 10))

    found = imputed(data, recipe(design=use), count=1, iterations=2)

    assert any("30 clusters" in note and "shrunken" in note for note in found.notes)


@pytest.mark.parametrize("way", ["predictor", "fit", "both"])
def test_the_unit_of_the_weights_does_not_matter(way: Any) -> None:
    data, weight = drawn(), np.random.default_rng(0).uniform(1, 5, 300)
    one, hundred = (
        recipe(design=DesignUse(survey_design(count=300, weight=unit * weight), weight=way))
        for unit in (1, 128)
    )

    assert same(imputed(data, one), imputed(data, hundred))


def test_weighted_models_learn_from_the_firms_that_stand_for_many() -> None:
    random = np.random.default_rng(2)
    x, heavy = random.normal(size=800), random.random(800) < 0.3
    a = np.where(heavy, 1.0, -1.0) * x + 0.1 * random.normal(size=800)
    a[random.random(800) < 0.3] = np.nan
    design = survey_design(count=800, weight=np.where(heavy, 200.0, 1.0))
    asked = recipe(
        models={"a": ImputationModel("continuous", "normal")},
        design=DesignUse(design, weight="fit", stratum="none"),
    )

    found = imputed({"x": x, "a": a}, asked, count=1)

    assert np.corrcoef(found.cells[0]["a"], x[found.rows["a"]])[0, 1] > 0.5


def test_a_firm_without_weight_is_neither_donor_nor_imputed() -> None:
    data = drawn()
    weight = np.ones(300)
    weight[:50] = 0
    data["a"][:50] = np.where(np.isnan(data["a"][:50]), np.nan, 1e6)

    found = imputed(data, recipe(design=DesignUse(survey_design(count=300, weight=weight))))

    assert found.rows["a"].min() >= 50
    assert max(cells["a"].max() for cells in found.cells) < 100


def test_weights_that_strata_determine_are_no_predictor_beside_them() -> None:
    data, stratum = stratified(4)
    design = survey_design(count=400, stratum=stratum, weight=1.0 + stratum)

    found = imputed(
        data, recipe(models={"a": ImputationModel("continuous")}, design=DesignUse(design))
    )

    assert found.problem.design.names == ("stratum 1", "stratum 2", "stratum 3")
    assert found.notes == ()


def test_weights_that_differ_within_strata_are_a_predictor() -> None:
    data, stratum = stratified(4)
    design = survey_design(count=400, stratum=stratum, weight=1.0 + np.arange(400) % 3)

    found = imputed(
        data, recipe(models={"a": ImputationModel("continuous")}, design=DesignUse(design))
    )

    assert found.problem.design.names[-1] == "log weight"


@pytest.mark.parametrize("how", ["none", "effects", "shrunken"])
def test_strata_enter_as_the_recipe_says(how: Any) -> None:
    data, stratum = stratified(4)
    design = survey_design(count=400, stratum=stratum, cluster=np.arange(400) // 10 * 10 + stratum)
    use = DesignUse(design, stratum=how, cluster="none")

    columns = imputed(data, recipe(models=NORMAL, design=use), count=1).problem.design

    assert len(columns.names) == (3 if how == "effects" else 0)
    assert columns.sizes == ((4,) if how == "shrunken" else ())


def test_a_stratified_sample_without_gaps_needs_no_imputing() -> None:
    data, stratum = stratified(4)
    data["a"] = data["x"]
    use = DesignUse(survey_design(count=400, stratum=stratum))

    found = imputed(data, recipe(models=NORMAL, design=use))

    assert found.variables == ()
