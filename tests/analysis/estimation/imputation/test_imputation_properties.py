"""What must hold of imputed data sets."""

import numpy as np
import pytest

from analysis.estimation.imputation import (
    ImputationModel,
    Imputations,
    Recipe,
    imputation,
    impute,
    impute_dataset,
)
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed, recipe


def gaps(values: np.ndarray) -> np.ndarray:
    return np.array([value is None or value != value for value in values])


def same(one: Imputations, other: Imputations) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(mine[name], theirs[name])
        for mine, theirs in zip(one.cells, other.cells, strict=True)
        for name in mine
    )


def test_given_answers_stay_and_missing_ones_are_filled() -> None:
    data = drawn()

    for completed in imputed(data):
        for name in data:
            was_given = ~gaps(data[name])
            assert np.array_equal(completed[name][was_given], data[name][was_given])
            assert not gaps(completed[name]).any()


def test_the_data_given_are_not_touched() -> None:
    data = drawn()
    before = {name: values.copy() for name, values in data.items()}

    imputed(data)

    assert all(np.array_equal(gaps(data[name]), gaps(before[name])) for name in data)


def test_only_values_that_an_answer_can_have_are_imputed() -> None:
    data = drawn()

    for cells in imputed(data).cells:
        assert set(cells["a"]) <= set(data["a"])
        assert set(cells["b"]) == {0.0, 1.0}
        assert set(cells["c"]) == {"p", "q", "r"}


def test_normal_draws_are_new_values() -> None:
    data = drawn()
    models = {**recipe().models, "a": ImputationModel("continuous", "normal")}

    found = imputed(data, recipe(models=models)).cells[0]["a"]

    assert not set(found) & set(data["a"])


def test_ordered_answers_counts_and_shares_keep_to_their_values() -> None:
    random, data = np.random.default_rng(4), drawn(4)
    z = data["x"] + random.normal(size=300)
    data |= {
        "o": np.digitize(z, [-1, 0, 1]).astype(float),
        "k": random.poisson(np.exp(0.5 * z)).astype(float),
        "s": np.clip(0.3 + 0.4 * z, 0, 1),
    }
    for name in ("o", "k", "s"):
        data[name][random.random(300) < 0.2] = np.nan

    found = impute_dataset(
        data,
        {"o": "ordered", "k": "count", "s": "share", "x": "continuous"},
        variables=("o", "k", "s"),
        predictors=("x",),
        count=2,
        iterations=2,
        seed=0,
    )

    for cells in found.cells:
        assert set(cells["o"]) <= {0.0, 1.0, 2.0, 3.0}
        assert set(cells["k"]) <= set(data["k"])
        assert cells["s"].min() >= 0
        assert cells["s"].max() <= 1


def test_a_question_that_was_not_asked_is_not_imputed() -> None:
    data = drawn()
    asked = data["x"] > -0.5
    data["b"][~asked] = np.nan

    found = imputed(data, recipe(eligible={"b": asked}))

    for completed in found:
        assert np.array_equal(gaps(completed["b"]), ~asked)
        assert not gaps(completed["a"]).any()
    assert set(found.rows["b"]) == set(np.flatnonzero(asked & gaps(data["b"])))


def test_not_asked_is_told_apart_from_no() -> None:
    random = np.random.default_rng(9)
    asked = random.random(600) < 0.5
    item = np.where(asked, (random.random(600) < 0.5) * 1.0, np.nan)
    y = np.where(asked, 2.0 * np.nan_to_num(item), 5.0) + 0.1 * random.normal(size=600)
    y[random.random(600) < 0.3] = np.nan
    models = {"y": ImputationModel("continuous", "normal")}

    found = impute(
        {"item": item, "y": y},
        Recipe(models, complete={"item": "binary"}, eligible={"item": asked}),
        count=1,
        iterations=1,
        seed=0,
    ).completed(0)["y"]

    assert found[~asked] == pytest.approx(5.0, abs=0.6)
    assert found[asked & (item == 0)] == pytest.approx(0.0, abs=0.6)


def test_the_same_seed_gives_the_same_imputations_on_any_number_of_workers() -> None:
    data = drawn()

    alone, together = imputed(data, count=4), imputed(data, count=4, workers=3)

    assert same(alone, together)


def test_another_seed_gives_other_imputations() -> None:
    data = drawn()

    assert not same(imputed(data), imputed(data, seed=2))


def test_one_imputation_made_alone_is_the_one_among_many() -> None:
    data = drawn()

    many = imputed(data)
    alone = imputation(data, recipe(), index=2, seed=1, iterations=3)

    assert all(np.array_equal(alone.cells[0][name], many.cells[2][name]) for name in "abc")


def test_more_imputations_begin_with_the_fewer() -> None:
    data = drawn()

    few, many = imputed(data, count=2), imputed(data, count=4)

    assert all(np.array_equal(few.cells[1][name], many.cells[1][name]) for name in "abc")


def test_the_unit_of_a_predictor_does_not_matter() -> None:
    data = drawn()
    changed = data | {"x": 1e6 + 1000 * data["x"]}

    assert same(imputed(data), imputed(changed))


def test_predictors_that_nearly_determine_each_other_are_named() -> None:
    random, data = np.random.default_rng(77), drawn()
    data["near"] = data["x"] + 1e-4 * random.normal(size=300)
    asked = recipe(complete={"x": "continuous", "near": "continuous"})

    found = imputed(data, asked)

    assert any("'x', 'near' nearly determine" in note for note in found.notes)


def test_a_predictor_that_follows_from_another_is_left_out_and_named() -> None:
    data = drawn()
    data["twice"] = 2 * data["x"]

    found = imputed(data, recipe(complete={"x": "continuous", "twice": "continuous"}))

    assert "Imputing 'a': 'twice' was left out: it follows exactly from 'x'." in found.notes


def test_a_constant_predictor_is_left_out_and_named() -> None:
    data = drawn() | {"one": np.ones(300)}

    found = imputed(data, recipe(complete={"x": "continuous", "one": "binary"}))

    assert any("'one' has one value among its donors" in note for note in found.notes)


def test_perfect_prediction_is_answered_and_said() -> None:
    data = drawn()
    data["b"] = np.where(np.isnan(data["b"]), np.nan, (data["x"] > 0) * 1.0)

    found = imputed(data)

    assert any("without error" in note and "'b'" in note for note in found.notes)
    clear = np.abs(data["x"][found.rows["b"]]) > 1.0
    agreed = np.mean(found.cells[0]["b"][clear] == (data["x"][found.rows["b"]][clear] > 0))
    assert agreed > 0.9


def test_an_imputation_set_is_gone_through_in_order() -> None:
    found = imputed(drawn())

    each = list(found)

    assert len(each) == len(found) == 3
    assert np.array_equal(each[1]["a"], found.completed(1)["a"])
