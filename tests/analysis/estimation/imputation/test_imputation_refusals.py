"""What is refused, and that the words name it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from analysis.estimation.estimates import Estimates
from analysis.estimation.imputation import (
    ImputationModel,
    Recipe,
    fit_imputed,
    impute,
    impute_dataset,
    pool,
)
from analysis.refusals import Refusal
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed, of, plainly, recipe


def refused(code: str, *words: str, data: Mapping[str, Any] | None = None, **asked: Any) -> None:
    with pytest.raises(Refusal) as found:
        imputed(drawn() if data is None else data, recipe(**asked))
    assert found.value.code == code
    assert found.value.remedy
    for word in words:
        assert word in found.value.message


def model(kind: Any, **choices: Any) -> dict[str, ImputationModel]:
    return {"a": ImputationModel(kind, **choices)}


def test_nothing_to_impute() -> None:
    refused("nothing_to_impute", models={})


def test_an_unknown_variable() -> None:
    refused("unknown_variable", "'z'", models={"z": ImputationModel("binary")})
    refused("unknown_variable", "'z'", complete={"z": "continuous"})
    refused("unknown_variable", "'z'", models=model("continuous", predictors=("z",)))


def test_a_variable_that_is_both_imputed_and_complete() -> None:
    refused("variable_twice", "'a'", complete={"a": "continuous"})


def test_an_infinite_value() -> None:
    data = drawn()
    data["a"][3] = np.inf

    refused("variable_infinite", "'a'", "1 of 300", data=data)


def test_a_value_of_absurd_size() -> None:
    data = drawn()
    data["x"][3] = 1e300

    refused("absurd_scale", "'x'", "1e+300", data=data)


@pytest.mark.parametrize(
    ("kind", "code", "odd"),
    [
        ("binary", "not_binary", 2.0),
        ("share", "share_outside", 1.5),
        ("count", "count_not_whole", 0.5),
        ("count", "count_not_whole", -1.0),
    ],
)
def test_a_value_that_the_kind_cannot_have(kind: Any, code: str, odd: float) -> None:
    data = drawn() | {"a": drawn()["b"]}
    data["a"][0] = odd

    refused(code, "'a'", f"{odd:g}", data=data, models=model(kind))


def test_a_question_that_nobody_answered() -> None:
    refused("wholly_missing", "'a'", "300", data=drawn() | {"a": np.full(300, np.nan)})


def test_fewer_than_ten_answers() -> None:
    data = drawn()
    data["a"][9:] = np.nan

    refused("too_few_donors", "'a'", data=data)


def test_fewer_answers_than_donors_wanted() -> None:
    data = drawn()
    data["a"][60:] = np.nan

    refused("too_few_donors", "'a'", "60", data=data, models=model("continuous", donors=60))


def test_a_level_that_nobody_has() -> None:
    models = {"c": ImputationModel("category", levels=("p", "q", "r", "s"))}

    refused("level_unobserved", "'c'", "'s'", models=models)


def test_an_answer_that_all_share() -> None:
    data = drawn()
    data["b"] = np.where(np.isnan(data["b"]), np.nan, 1.0)

    refused("one_value", "'b'", "'1.0'", data=data)


def test_a_predictor_with_missing_answers_of_its_own() -> None:
    data = drawn()
    data["x"][:7] = np.nan

    refused("predictor_missing", "'x' (7)", data=data)


def test_more_predictors_than_answers() -> None:
    random, data = np.random.default_rng(0), drawn()
    data["a"][15:] = np.nan
    more: dict[str, Any] = {f"x{i}": random.normal(size=300) for i in range(12)}

    refused(
        "too_many_predictors",
        "'a'",
        data=data | more,
        complete=dict.fromkeys(("x", *more), "continuous"),
    )


def test_a_derived_measure_that_is_imputed_too() -> None:
    refused("derived_imputed", "'a'", derive=lambda known: {"a": 2 * known["x"]})


def test_a_variable_predicted_by_what_is_derived_from_it() -> None:
    refused(
        "circular_derivation",
        "'a'",
        "'twice'",
        models=model("continuous", predictors=("x", "twice")),
        derive=lambda known: {"twice": np.maximum(known["a"], 0)},
    )


def test_a_variable_predicted_by_itself() -> None:
    refused("circular_derivation", "'a'", models=model("continuous", predictors=("a",)))


def test_a_method_that_could_impute_the_impossible() -> None:
    with pytest.raises(Refusal, match=r"'normal' does not suit.*'share'"):
        ImputationModel("share", "normal")


@pytest.mark.parametrize("choices", [{"kind": "text"}, {"kind": "binary", "donors": 0}])
def test_a_model_that_does_not_exist(choices: Any) -> None:
    with pytest.raises(ValueError):
        ImputationModel(**choices)


@pytest.mark.parametrize("choices", [{"count": 0}, {"iterations": 0}])
def test_nothing_to_do(choices: Any) -> None:
    with pytest.raises(ValueError, match="at least one"):
        imputed(drawn(), **choices)


def test_parts_of_other_lengths() -> None:
    data = drawn()

    with pytest.raises(ValueError, match="length"):
        imputed(data | {"x": data["x"][1:]})
    with pytest.raises(ValueError, match="length"):
        imputed(data, recipe(derive=lambda known: {"short": known["x"][1:]}))


def test_a_dataset_without_a_kind() -> None:
    with pytest.raises(KeyError):
        impute_dataset(drawn(), {}, variables=("a",), count=1, seed=0)


def two(terms: tuple[str, ...] = ("a",), value: float = 1.0, variance: float = 1.0) -> Estimates:
    k = len(terms)
    return Estimates(terms, np.full(k, value), variance * np.eye(k), 20.0)


@pytest.mark.parametrize(
    ("estimates", "code", "word"),
    [
        ([two()], "one_imputation", "one imputation"),
        ([two(("a", "b")), two(("a", "c"))], "terms_differ", "'b', 'c'"),
        ([two(("a", "b")), two(("b", "a"))], "terms_differ", "imputation 2"),
        ([two(), two(value=np.nan)], "not_finite", "'a'"),
        ([two(), two(variance=np.inf)], "not_finite", "'a'"),
        ([two(variance=0), two(variance=0)], "no_sampling_variance", "'a'"),
    ],
)
def test_what_cannot_be_pooled(estimates: list[Estimates], code: str, word: str) -> None:
    with pytest.raises(Refusal) as found:
        pool(estimates)

    assert found.value.code == code
    assert word in found.value.message


def test_covariances_of_two_kinds_cannot_be_pooled() -> None:
    with pytest.raises(Refusal, match="'design', 'replicate'"):
        pool([two(), two()], covariances=("design", "replicate"))


def test_a_model_that_fails_says_in_which_imputation() -> None:
    found = imputed(drawn())

    with pytest.raises(Refusal, match=r"In imputation 1: .*no variation") as refusal:
        fit_imputed(
            found,
            lambda known: (np.ones(300), of(known, "x")),
            estimator="linear",
            covariance="HC1",
            design=plainly(300),
        )

    assert refusal.value.code == "outcome_constant"


def test_a_recipe_without_gaps_imputes_nothing() -> None:
    data = {"a": np.arange(30.0), "x": np.ones(30)}

    found = impute(data, Recipe({"a": ImputationModel("continuous")}), count=2, seed=0)

    assert found.variables == ()
    assert np.array_equal(found.completed(1)["a"], data["a"])
