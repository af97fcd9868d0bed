"""A plan cut into pieces gives what it gives in one go, in whatever order they are done."""

import csv
import io
import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import pipeline
from analysis.dataset import Dataset
from analysis.estimation.resampling import generator, permutation_p, spread
from analysis.pipeline.keeping import found_again, kept
from analysis.refusals import Refusal
from analysis.specification.model import CHOICES, Plan
from analysis.specification.plan import read_plan
from analysis.tables.curve import Effect, Unshown, curve_statistics, specifications_csv
from tests.analysis.test_pipeline import made_dataset

DATASET = made_dataset()
PLAN = read_plan(
    """
title: All of it
covariance: HC1
models:
  - name: Far
    outcome: product
    formula: partners.global + ln_employment
    bootstrap: {replicates: 60, seed: 3}
    permutation: {of: partners.global, replicates: 40}
    tests: [partners.global > 0]
  - {name: Nothing, outcome: product, formula: partners.global, subpopulation: control.age > 1000}
  - {name: Ordered, outcome: product, estimator: ordered_logit, formula: partners.local}
descriptives:
  - {outcome: product, statistic: share}
curve:
  outcomes: [product]
  measures: [partners.global, partners.local]
  controls: {none: 1, size: ln_employment}
  optional: [control.age]
  subpopulations: {all: none, nobody: control.age > 1000}
  estimators: [logit, linear]
  permutations: 3
"""
)


IMPUTING = read_plan(
    """
title: Imputed
covariance: HC1
imputation:
  variables: [networking.cooperation, control.age, control.industry]
  predictors: [control.employment, innovation.product]
  count: 3
  iterations: 2
  seed: 7
models:
  - name: Far
    outcome: product
    formula: partners.global + control.age + control.age^2
    tests: [partners.global > 0, {u_shape: control.age}]
  - {name: Nothing, outcome: product, formula: partners.global, subpopulation: control.age > 1000}
  - {name: Sectors, outcome: product, formula: factor(control.industry)}
descriptives:
  - {outcome: product, statistic: share, by: control.industry}
"""
)


def with_blanks() -> Dataset:
    frame = DATASET.frame.copy()
    frame.loc[frame.index[20:60], "networking.cooperation[suppliers,global]"] = np.nan
    frame.loc[frame.index[30:50], "control.industry"] = None
    return replace(DATASET, frame=frame)


@pytest.fixture(scope="module")
def undisturbed() -> pipeline.Results:
    return pipeline.run(DATASET, PLAN, fingerprint="f")


def same(one: Any, other: Any) -> bool:
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)
        )
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other or (one != one and other != other))


def in_pieces(dataset: Dataset, plan: Plan, seed: int) -> pipeline.Results:
    """Each piece in a process of its own, as it were, that knows nothing of the others."""
    pieces = pipeline.divided(plan, len(dataset.frame))
    found: dict[int, Any] = {}
    for number in random.Random(seed).sample(range(len(pieces)), len(pieces)):
        apart = pipeline.Prepared(dataset, plan)
        try:
            found[number] = found_again(kept(pipeline.worked(apart, pieces[number])))
        except Refusal as refusal:
            found[number] = refusal
    prepared = pipeline.Prepared(dataset, plan)
    together = [(piece, found[number]) for number, piece in enumerate(pieces)]
    descriptions = pipeline.describe_all(prepared, together, lambda *_: None)
    return pipeline.joined(prepared, together, descriptions, fingerprint="f")


def assert_same(joined: pipeline.Results, undisturbed: pipeline.Results) -> None:
    assert joined.estimates_document == undisturbed.estimates_document
    assert joined.table == undisturbed.table
    assert joined.margins_table == undisturbed.margins_table
    assert joined.curve_table == undisturbed.curve_table
    assert joined.descriptives_table == undisturbed.descriptives_table


@pytest.mark.parametrize("seed", [1, 2])
def test_pieces_done_apart_and_in_any_order_give_the_very_same_tables(
    undisturbed: pipeline.Results, seed: int
) -> None:
    assert_same(in_pieces(DATASET, PLAN, seed), undisturbed)


def test_imputations_done_apart_and_in_any_order_give_the_very_same_tables() -> None:
    dataset = with_blanks()
    undisturbed = pipeline.run(dataset, IMPUTING, fingerprint="f")

    assert_same(in_pieces(dataset, IMPUTING, 3), undisturbed)
    assert [piece.title for piece in pipeline.divided(IMPUTING, len(dataset.frame))] == [
        "Imputation 1 of 3",
        "Imputation 2 of 3",
        "Imputation 3 of 3",
    ]
    models = undisturbed.estimates_document["models"]
    assert [model["name"] for model in models] == ["Far", "Sectors"]


def test_replicates_do_not_depend_on_how_they_are_portioned() -> None:
    prepared = pipeline.Prepared(DATASET, PLAN)
    (whole,) = [
        piece for piece in pipeline.divided(PLAN, len(DATASET.frame)) if piece.kind == "bootstrap"
    ]
    first, second = (
        type(whole)(**{each.name: getattr(whole, each.name) for each in fields(whole)} | part)
        for part in ({"stop": 25}, {"first": 25})
    )

    all_at_once = pipeline.worked(prepared, whole).values
    apart = [pipeline.worked(prepared, each).values for each in (first, second)]

    assert np.array_equal(all_at_once, np.vstack(apart))
    assert len({row.tobytes() for row in all_at_once}) == 60


def test_a_model_that_is_refused_fails_alone(undisturbed: pipeline.Results) -> None:
    document, table = undisturbed.estimates_document, undisturbed.table

    assert [(model["place"], model["name"]) for model in document["models"]] == [
        (1, "Far"),
        (3, "Ordered"),
    ]
    (refused,) = document["not_estimated"]
    assert (refused["place"], refused["name"]) == (2, "Nothing")
    assert table.columns == ("(1) Far", "(2) Nothing", "(3) Ordered")
    empty = {row.cells[1].text for row in table.rows if row.cells}
    assert empty == {"not estimated", "", "–"}
    assert any(note.startswith("(2) Nothing: not estimated. ") for note in table.notes)


def test_a_plan_of_which_every_model_is_refused_is_refused_with_the_first_reason() -> None:
    plan = read_plan(
        "title: T\nmodels:\n"
        "  - {name: A, outcome: product, formula: hats}\n"
        "  - {name: B, outcome: product, formula: shoes}\n"
    )

    with pytest.raises(Refusal, match=r"^Model “A”: .*hats"):
        pipeline.run(DATASET, plan)


def test_the_curve_has_every_combination_and_counts_those_it_could_not_estimate(
    undisturbed: pipeline.Results,
) -> None:
    curve = undisturbed.estimates_document["curve"]
    models = curve["specifications"]

    assert len(models) == 2 * 2 * 2 * 2 * 2 == curve["summary"]["models"]
    assert curve["summary"]["estimated"] == 16
    assert {model["subpopulation"] for model in models if model["refusal"]} == {"nobody"}
    combinations = {
        tuple(model[key] for key in ("measure", "controls", "optional", "subpopulation",
                                     "estimator"))
        for model in models
    }  # fmt: skip
    assert len(combinations) == 32
    assert all(0 < test["p_value"] <= 1 for test in curve["tests"].values())


def test_a_model_of_the_curve_is_the_model_that_a_plan_would_ask_for(
    undisturbed: pipeline.Results,
) -> None:
    (model,) = [
        each
        for each in undisturbed.estimates_document["curve"]["specifications"]
        if (each["measure"], each["controls"], each["optional"], each["subpopulation"])
        == ("partners.global", "size", "none", "all")
        and each["estimator"] == "logit"
    ]
    (far, _) = undisturbed.estimates_document["models"]
    (term,) = [each for each in far["terms"] if each["term"] == "partners.global"]

    assert model["estimate"] == term["estimate"]
    assert model["std_error"] == term["std_error"]
    assert (model["conf_low"], model["n"]) == (term["conf_low"], far["n"])


def test_a_curve_of_margins_shows_the_marginal_effects_of_the_same_models(
    undisturbed: pipeline.Results,
) -> None:
    plan = read_plan(
        "title: T\ncovariance: HC1\ncurve: {outcomes: [product], measures: [partners.global], "
        "controls: {size: ln_employment}, effect: margin}\n"
    )
    (shown,) = pipeline.run(DATASET, plan).estimates_document["curve"]["specifications"]
    (far, _) = undisturbed.estimates_document["models"]
    (margin,) = [each for each in far["margins"] if each["term"] == "partners.global"]

    assert (shown["estimate"], shown["std_error"]) == (margin["estimate"], margin["std_error"])
    assert shown["estimate"] != 0


def test_bootstrap_and_permutation_stand_with_their_model(undisturbed: pipeline.Results) -> None:
    far, ordered = undisturbed.estimates_document["models"]

    assert far["bootstrap"]["replicates"] == 60
    for made, term in zip(far["bootstrap"]["terms"], far["terms"], strict=True):
        assert made["conf_low"] < term["estimate"] < made["conf_high"]
        assert 0.5 < made["std_error"] / term["std_error"] < 2
    assert 0 < far["permutation"]["p_value"] <= 1
    assert (ordered["bootstrap"], ordered["permutation"]) == (None, None)


def test_a_permutation_of_what_the_model_does_not_have_is_told_and_spoils_nothing() -> None:
    plan = read_plan(
        "title: T\nmodels:\n  - {name: A, outcome: product, formula: partners.local, "
        "permutation: {of: breadth, replicates: 20}}\n"
    )

    (model,) = pipeline.run(DATASET, plan).estimates_document["models"]

    assert model["permutation"]["refusal"]["code"] == "term_not_estimated"
    assert model["terms"]


def test_shuffling_what_does_matter_is_noticed() -> None:
    plan = read_plan(
        "title: T\nmodels:\n  - {name: A, outcome: product, formula: partners.local, "
        "estimator: linear, permutation: {of: partners.local, replicates: 99}}\n"
    )
    frame = DATASET.frame.copy()
    local = next(name for name in frame if "local" in name)
    outcome = next(name for name in frame if name.startswith("innovation.product"))
    frame[outcome] = frame[local]
    told = type(DATASET)(frame, DATASET.variables, DATASET.design, DATASET.provenance)
    noise = np.random.default_rng(1).random(len(frame)) < 0.2
    told.frame.loc[noise, outcome] = 1 - told.frame.loc[noise, outcome]

    (model,) = pipeline.run(told, plan).estimates_document["models"]

    assert model["permutation"]["p_value"] == 1 / 100


def test_pieces_of_equal_work_share_their_fingerprint_and_others_do_not() -> None:
    def content(text: str) -> list[str]:
        return [piece.content for piece in pipeline.divided(read_plan(text), 400)]

    one = "title: One\nmodels: [{name: A, outcome: product, formula: breadth}]\n"
    renamed = one.replace("A", "B").replace("One", "Other")
    other = one.replace("breadth", "ln_employment")
    defined = one + "define: {breadth: control.age}\n"

    assert content(one) == content(renamed)
    assert len({content(each)[0] for each in (one, other, defined)}) == 3


def test_small_work_is_not_handed_out_and_large_work_is() -> None:
    assert pipeline.is_small(pipeline.divided(PLAN, 400))
    assert not pipeline.is_small(pipeline.divided(PLAN, 40_000))


numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(*[numbers] * 7, st.integers(0, 10**9)), max_size=5), st.text())
@settings(max_examples=50)
def test_what_is_kept_of_a_curve_is_found_again_to_the_last_bit(
    effects: list[tuple[Any, ...]], words: str
) -> None:
    finding = (*(Effect(*each) for each in effects), Unshown("a_code", words, words))

    assert same(found_again(kept(finding)), finding)


def test_what_cannot_be_kept_is_told_and_not_kept_in_part() -> None:
    with pytest.raises(TypeError, match="object"):
        kept((Unshown("a", "b", object()),))


def test_the_statistics_of_a_curve_by_hand() -> None:
    def effect(estimate: float, p: float) -> Effect:
        return Effect(estimate, 1.0, estimate, p, 0.0, 0.0, 10.0, 10)

    shown = (effect(-3.0, 0.01), effect(-1.0, 0.3), effect(2.0, 0.04), Unshown("a", "b", "c"))

    assert curve_statistics(shown) == {
        "median": -1.0,
        "dominant_sign": pytest.approx(2 / 3),
        "dominant_significant": pytest.approx(1 / 3),
        "stouffer_z": pytest.approx(-2 / 3**0.5),
    }


def test_p_of_a_permutation_and_spread_of_a_bootstrap_by_hand() -> None:
    assert permutation_p(-2.0, np.array([1.0, -3.0, 2.0, np.nan])) == 3 / 4
    made = spread(np.arange(101.0)[:, None])
    assert made.intervals == pytest.approx(np.array([[2.5, 97.5]]))
    assert made.std_errors[0] == pytest.approx(np.std(np.arange(101), ddof=1))
    with pytest.raises(Refusal) as refused:
        spread(np.array([[1.0], [np.nan], [2.0]]))
    assert refused.value.code == "replicates_failed"


def test_streams_of_replicates_differ_by_number_and_by_seed() -> None:
    drawn = [generator(*each).random() for each in ((1, 0), (1, 1), (2, 0), (1, 2**20))]

    assert len(set(drawn)) == 4
    assert generator(1, 7).random() == generator(1, 7).random()


def test_words_of_a_plan_are_no_formulas_in_the_file_of_a_curve() -> None:
    model = dict.fromkeys(CHOICES, "all") | {"subpopulation": "=cmd()", "estimate": -0.5}
    refused = dict.fromkeys(CHOICES, "+1\nx") | {
        "refusal": {"code": "c", "message": "@SUM(1)", "remedy": ""}
    }
    document = {"specifications": [model | {"refusal": None}, refused]}

    lines = list(csv.DictReader(io.StringIO(specifications_csv(document).decode())))

    assert [lines[0]["subpopulation"], lines[0]["estimate"]] == ["'=cmd()", "-0.5"]
    assert [lines[1]["outcome"], lines[1]["message"]] == ["'+1 x", "'@SUM(1)"]


def test_a_bootstrap_and_a_permutation_of_a_term_of_that_name_are_two_things() -> None:
    named = read_plan(
        """
title: Names
define: {bootstrap: control.age}
models:
  - name: A
    outcome: product
    formula: bootstrap
    bootstrap: {replicates: 20, seed: 3}
    permutation: {of: bootstrap, replicates: 20, seed: 3}
"""
    )

    pieces = pipeline.divided(named, 100)

    assert len({piece.content for piece in pieces}) == len(pieces) == 3
