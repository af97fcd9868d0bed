"""Measures that follow from imputed answers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from analysis.estimation.imputation import (
    ImputationModel,
    Recipe,
)
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed, recipe


def counted(known: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {"breadth": known["i"] + known["j"] + known["k"]}


def partners(seed: int = 3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.normal(size=400)
    data = {name: (random.random(400) < 1 / (1 + np.exp(-x))) * 1.0 for name in "ijk"}
    data["y"] = data["i"] + data["j"] + data["k"] + random.normal(size=400)
    for name in "ijky":
        data[name][random.random(400) < 0.2] = np.nan
    return data | {"x": x}


def breadth_recipe(predictors: tuple[str, ...] | None) -> Recipe:
    models = {name: ImputationModel("binary") for name in "ijk"}
    models["y"] = ImputationModel("continuous", predictors=predictors)
    return Recipe(models, complete={"x": "continuous"}, derive=counted)


@pytest.mark.parametrize("predictors", [None, ("breadth", "x")])
def test_a_count_is_always_that_of_its_imputed_items(predictors: tuple[str, ...] | None) -> None:
    found = imputed(partners(), breadth_recipe(predictors))

    for completed in found:
        total = completed["i"] + completed["j"] + completed["k"]
        assert np.array_equal(completed["breadth"], total)
    assert "breadth" not in found.cells[0]
    assert "breadth" in found.means


def test_a_derived_predictor_is_the_one_of_the_same_iteration() -> None:
    """With y equal to breadth, and predicted by it alone, what is imputed is breadth itself."""
    data = partners()
    data["y"] = np.where(
        np.isnan(data["y"]) | np.isnan(counted(data)["breadth"]),
        np.nan,
        counted(data)["breadth"],
    )
    recipe_of_items = breadth_recipe(("breadth",))
    items = {
        name: ImputationModel("binary", predictors=("x",)) for name in recipe_of_items.models
    } | {"y": recipe_of_items.models["y"]}
    asked = Recipe(items, complete={"x": "continuous"}, derive=counted)

    for completed in imputed(data, asked):
        assert np.array_equal(completed["y"], completed["breadth"])


def test_a_derived_measure_in_words_is_derived_and_not_followed() -> None:
    def derive(known: Mapping[str, Any]) -> dict[str, np.ndarray]:
        return {"size": np.where(known["a"] > 0, "big", "small").astype(object)}

    models = {
        "a": ImputationModel("continuous", predictors=("x",)),
        "b": ImputationModel("binary", predictors=("size",)),
    }

    found = imputed(drawn(), recipe(models=models, derive=derive))

    assert set(found.completed(0)["size"]) == {"big", "small"}
    assert set(found.means) == {"a", "b"}


def test_a_derived_measure_is_followed_where_it_was_missing() -> None:
    data = partners()
    data |= {"breadth": counted(data)["breadth"], "known": np.ones(400)}
    asked = breadth_recipe(None)

    def derive(known: Mapping[str, Any]) -> dict[str, np.ndarray]:
        return counted(known) | {"known": known["x"]}

    found = imputed(data, Recipe(asked.models, asked.complete, derive=derive))

    completed = found.completed(0)["breadth"][np.isnan(data["breadth"])]
    means = np.array([found.completed(i)["breadth"] for i in range(3)])
    assert found.means["breadth"][-1] == pytest.approx(
        means[:, np.isnan(data["breadth"])].mean(axis=1)
    )
    assert len(completed) < 400
    assert "known" not in found.means
