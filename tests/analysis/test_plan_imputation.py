"""A plan that imputes: answers are filled in, measures derived anew, fits pooled."""

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis import pipeline
from analysis.estimation.after.shape import inner_range
from analysis.estimation.after.wald import wald_test
from analysis.estimation.imputation.joint import joint_test
from analysis.estimation.imputation.pooling import barnard_rubin, pool
from analysis.refusals import Refusal
from analysis.specification.imputing import completed
from analysis.specification.model import DesignChoice
from analysis.specification.plan import read_plan
from analysis.specification.pooling import pooled_fit
from tests.analysis.test_pipeline import N, made_dataset

PARTNERS = "networking.cooperation[suppliers,global]"
PLAN = """
title: Partners
estimator: logit
covariance: design
imputation:
  variables: [networking.cooperation, control.age]
  predictors: [control.employment, innovation.product]
  count: 4
  iterations: 3
  seed: 7
models:
  - name: Imputed
    outcome: product
    formula: partners.local + partners.global + control.age
    tests: [partners.global > partners.local]
"""


def with_blanks():
    dataset = made_dataset()
    frame = dataset.frame.copy()
    frame.loc[frame.index[20:60], PARTNERS] = np.nan
    return replace(dataset, frame=frame)


def test_every_firm_of_the_wave_is_in_the_pooled_model() -> None:
    results = pipeline.run(with_blanks(), read_plan(PLAN))

    (model,) = results.estimates_document["models"]
    assert model["n"] == N
    assert any("4 imputations" in note for note in model["notes"])
    assert len({term["df"] for term in model["terms"]}) == len(model["terms"])
    json.dumps(results.estimates_document, allow_nan=False)
    assert "one-sided" in model["tests"][0]["sentence"]
    assert results.margins_table is not None


def test_the_pooled_fit_is_rubins_of_fits_on_the_completed_data() -> None:
    dataset, plan = with_blanks(), read_plan(PLAN)
    single = read_plan(PLAN.replace(PLAN[PLAN.index("imputation") : PLAN.index("models:")], ""))
    design = pipeline.design_of(DesignChoice(), dataset)

    pooled = pipeline.run(dataset, plan).fits[0].estimates
    alone = [
        pipeline.run(each, single).fits[0].estimates
        for each in completed(dataset, plan.imputation, design).datasets
    ]

    expected = pool(alone)
    np.testing.assert_allclose(pooled.coefficients, expected.coefficients, rtol=1e-12)
    np.testing.assert_allclose(pooled.std_errors, expected.estimates.std_errors, rtol=1e-12)
    np.testing.assert_allclose(pooled.degrees_of_freedom, expected.residual_df, rtol=1e-12)
    assert not np.allclose(alone[0].coefficients, alone[1].coefficients)


def test_a_count_of_partners_is_derived_from_the_imputed_answers() -> None:
    dataset, plan = with_blanks(), read_plan(PLAN)
    design = pipeline.design_of(DesignChoice(), dataset)

    for each in completed(dataset, plan.imputation, design).datasets:
        values = each.frame[PARTNERS].to_numpy()
        assert not np.isnan(values).any()
        assert set(np.unique(values)) <= {0.0, 1.0}


def test_the_same_seed_gives_the_same_estimates_and_another_does_not() -> None:
    dataset = with_blanks()

    first, again = (pipeline.run(dataset, read_plan(PLAN)).fits[0].estimates for _ in range(2))
    other = pipeline.run(dataset, read_plan(PLAN.replace("seed: 7", "seed: 8"))).fits[0].estimates

    np.testing.assert_array_equal(first.coefficients, again.coefficients)
    assert not np.allclose(first.coefficients, other.coefficients)


@pytest.mark.parametrize(
    ("name", "code"), [("partners.global", "unknown_variable"), ("contrl.age", "unknown_variable")]
)
def test_measures_and_unknown_names_are_not_imputed(name, code) -> None:
    plan = read_plan(PLAN.replace("[networking.cooperation, control.age]", f"[{name}]"))

    with pytest.raises(Refusal) as refused:
        pipeline.run(with_blanks(), plan)

    assert refused.value.code == code


MODELS = PLAN.index("models:")
ALONE = PLAN.replace(PLAN[PLAN.index("imputation") : MODELS], "")
TESTS = "    tests: [partners.global > partners.local]\n"
U_PLAN = (
    PLAN[:MODELS].replace("seed: 7", "seed: 8")
    + """
models:
  - name: Turns
    outcome: product
    formula: control.age + control.age^2
    subpopulation: control.industry != 'mining'
    tests: [{u_shape: control.age}]
"""
)


def on_each_completed(dataset, plan, alone):
    """The same plan without imputation, run on every completed data set."""
    design = pipeline.design_of(DesignChoice(), dataset)
    filled = completed(dataset, plan.imputation, design).datasets
    return [pipeline.run(each, read_plan(alone)) for each in filled]


def test_a_joint_test_of_imputed_models_is_d1_with_reiters_degrees_of_freedom() -> None:
    asked = "partners.local = partners.global = control.age"
    text = PLAN.replace("partners.global > partners.local", asked)
    dataset, plan = with_blanks(), read_plan(text)

    results = pipeline.run(dataset, plan)

    alone = on_each_completed(dataset, plan, ALONE.replace(TESTS, ""))
    expected = joint_test(pool([each.fits[0].estimates for each in alone]), asked)
    (test,) = results.estimates_document["models"][0]["tests"]
    naive = wald_test(results.fits[0].estimates, asked)
    assert test["statistic"] == pytest.approx(expected.statistic, rel=1e-9)
    assert test["denominator_df"] == pytest.approx(expected.denominator_df, rel=1e-9)
    assert test["p_value"] == pytest.approx(expected.p_value, rel=1e-9)
    assert test["statistic"] != pytest.approx(naive.statistic, rel=1e-4)


def test_one_sum_has_barnard_and_rubins_degrees_of_freedom_of_that_sum() -> None:
    dataset, plan = with_blanks(), read_plan(PLAN)

    results = pipeline.run(dataset, plan)

    alone = on_each_completed(dataset, plan, ALONE.replace(TESTS, ""))
    pooled = pool([each.fits[0].estimates for each in alone])
    near, far = (pooled.terms.index(f"partners.{scale}") for scale in ("local", "global"))
    weights = np.zeros(len(pooled.terms))
    weights[near], weights[far] = -1.0, 1.0
    within, between = weights @ pooled.within @ weights, weights @ pooled.between @ weights
    share = (1 + 1 / 4) * between / (within + (1 + 1 / 4) * between)
    (test,) = results.estimates_document["models"][0]["tests"]
    expected = float(barnard_rubin(np.array(share), 4, pooled.complete_df))
    assert test["denominator_df"] == pytest.approx(expected, rel=1e-9)
    assert test["denominator_df"] != pytest.approx(results.fits[0].estimates.residual_df)


def test_a_u_is_looked_for_in_the_range_of_all_completed_data_sets() -> None:
    dataset, plan = with_blanks(), read_plan(U_PLAN)
    frame = dataset.frame.copy()
    # Old firms are outside the model, so that only imputed ages can be beyond the others.
    mining = frame["control.industry"] == "mining"
    frame.loc[mining, "control.age"] += np.arange(mining.sum())
    frame.loc[frame.index[10:60], "control.age"] = np.nan
    dataset = replace(dataset, frame=frame)

    results = pipeline.run(dataset, plan)

    design = pipeline.design_of(DesignChoice(), dataset)
    filled = completed(dataset, plan.imputation, design).datasets
    ages = [each.frame.loc[~mining, "control.age"] for each in filled]
    ranges = [inner_range(each.to_numpy()) for each in ages]
    lowest, highest = min(low for low, _ in ranges), max(high for _, high in ranges)
    (test,) = results.estimates_document["models"][0]["tests"]
    assert f"({lowest:g} to {highest:g})" in test["sentence"]
    assert (lowest, highest) != ranges[0]


def test_imputations_with_different_firms_in_the_model_say_so() -> None:
    text = PLAN.replace(
        "outcome: product", "outcome: product\n    subpopulation: control.age >= 30"
    )

    (model,) = pipeline.run(with_blanks(), read_plan(text)).estimates_document["models"]

    assert any("differ in which firms" in note for note in model["notes"])


def test_the_pooled_of_a_fit_is_that_of_its_coefficients() -> None:
    fits = [each.fits[0] for each in on_each_completed(with_blanks(), read_plan(PLAN), ALONE)]

    fit, pooled = pooled_fit(fits)

    np.testing.assert_array_equal(fit.estimates.coefficients, pooled.coefficients)
    np.testing.assert_array_equal(fit.estimates.covariance, pooled.covariance)


DESCRIBED = """
descriptives:
  - {outcome: partners.global, by: control.industry}
  - {statistic: share, outcome: product}
  - {statistic: quantile, outcome: control.age}
"""


def test_descriptions_of_imputed_answers_are_pooled_by_rubins_rules() -> None:
    imputing = read_plan(PLAN[:MODELS] + DESCRIBED)
    alone = "title: Partners" + DESCRIBED
    dataset = with_blanks()

    found = pipeline.run(dataset, imputing).estimates_document["descriptives"]

    each = [
        one.estimates_document["descriptives"]
        for one in on_each_completed(dataset, imputing, alone)
    ]
    for place, description in enumerate(found):
        for position, term in enumerate(description["terms"]):
            lines = [one[place]["terms"][position] for one in each]
            values = np.array([line["estimate"] for line in lines])
            within = np.mean([line["std_error"] ** 2 for line in lines])
            total = within + 1.25 * values.var(ddof=1)
            assert term["estimate"] == pytest.approx(values.mean(), rel=1e-9)
            assert term["std_error"] == pytest.approx(np.sqrt(total), rel=1e-9)
            expected = barnard_rubin(np.array(1.25 * values.var(ddof=1) / total), 4, lines[0]["df"])
            assert term["df"] == pytest.approx(float(expected), rel=1e-9)
            assert term["conf_low"] < term["estimate"] < term["conf_high"]
        assert any("4 imputations" in note for note in description["notes"])
    assert sum(line["n"] for line in found[0]["terms"]) == N
    assert found[1]["interval"] == "logit"
    assert any("Intervals are of t" in note for note in found[2]["notes"])


def test_a_cross_tabulation_in_an_imputing_plan_is_refused_in_a_check_and_in_a_run() -> None:
    table = "  - {statistic: cross_tabulation, outcome: control.industry, other: product}\n"
    plan = read_plan(PLAN[:MODELS] + DESCRIBED + table)

    made = pipeline.run(with_blanks(), plan)

    (refused,) = made.estimates_document["not_described"]
    assert refused["code"] == "cross_tabulation_of_imputed"
    assert "a plan of its own" in refused["remedy"]
    assert [each.code for each in pipeline.check(with_blanks(), plan)] == [refused["code"]]
    without = pipeline.run(with_blanks(), read_plan(PLAN[:MODELS] + DESCRIBED))
    assert made.estimates_document["descriptives"] == without.estimates_document["descriptives"]


def test_nothing_is_imputed_for_descriptions_that_are_not_pooled() -> None:
    table = "  - {statistic: cross_tabulation, outcome: control.industry, other: product}\n"
    plan = read_plan(PLAN[:MODELS] + "descriptives:\n" + table)
    told: list[str] = []

    with pytest.raises(Refusal) as refused:
        pipeline.run(with_blanks(), plan, on_progress=lambda _, __, note: told.append(note))

    assert refused.value.code == "cross_tabulation_of_imputed"
    assert refused.value.message.startswith("Description “cross tabulation of control.industry”: ")
    assert not any("Imput" in note for note in told)


def test_one_imputation_is_refused_before_anything_runs() -> None:
    with pytest.raises(Refusal) as refused:
        read_plan(PLAN.replace("count: 4", "count: 1"))

    assert refused.value.code == "one_imputation"
