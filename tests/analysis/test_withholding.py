"""What must not be shown of single firms stands in nothing that a run gives."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest
import yaml

from analysis import pipeline
from analysis.disclosure.rules import DisclosurePolicy
from analysis.linking import stacked
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.tables.estimates_document import Estimated
from tests.analysis.datasets import dataset_of
from tests.analysis.plans_of_estimators import CASES
from tests.analysis.withheld import (
    DESIGN,
    FEW,
    OUTCOME,
    PLAN,
    REGIONS,
    firms,
    numbers_of,
    rendered,
    results,
    told_in,
)

POLICY = DisclosurePolicy()
LOST = {
    "The young": (),
    "Regions": ("control.region[islands]",),
    "By region": ("mean[islands]",),
}


@pytest.fixture(scope="module")
def bare() -> pipeline.Results:
    return results(None)


@pytest.fixture(scope="module")
def safe() -> pipeline.Results:
    return results(POLICY)


def model(made, name):
    return next(each for each in made.estimates_document["models"] if each["name"] == name)


def test_no_number_of_few_firms_is_in_anything_that_is_rendered(bare, safe):
    secret = numbers_of(bare, of=LOST)
    assert len(secret) > 20
    everything = rendered(safe)
    assert {"estimates.json", "table.csv", "descriptives.html", "reading.txt"} <= set(everything)

    told = {name: told_in(text, secret) for name, text in everything.items()}

    assert {name: found for name, found in told.items() if found} == {}
    # The same search finds them where nothing is withheld.
    assert told_in(rendered(bare)["estimates.json"], secret) >= {
        each for each in secret if len(each) > 8
    }


def test_the_other_models_still_come_and_the_refused_one_says_why(safe):
    assert [each["name"] for each in safe.estimates_document["models"]] == ["Everybody", "Regions"]
    (refused,) = safe.estimates_document["not_estimated"]
    assert (refused["name"], refused["code"]) == ("The young", "few_firms")
    assert not any(character.isdigit() for character in refused["message"])
    assert any(note.startswith("(2) The young: not estimated.") for note in safe.table.notes)


def test_a_dummy_of_two_firms_is_withheld_wherever_the_model_tells_of_it(safe):
    regions = model(safe, "Regions")
    (lost,) = [each for each in regions["terms"] if each["estimate"] is None]
    assert lost["term"] == "control.region[islands]"
    assert [each["term"] for each in regions["margins"] if each["estimate"] is None] == [
        "control.region[islands]"
    ]
    of_region, of_size = regions["tests"]
    assert of_region["statistic"] is None
    assert "withheld" in of_region["sentence"]
    assert of_size["statistic"] is not None


def test_replicates_of_a_withheld_term_are_withheld_with_it():
    plan = PLAN.replace("    tests:", "    bootstrap: {replicates: 40, seed: 3}\n    tests:")
    dataset = firms(islands=9)

    bare, made = (model(results(each, plan, dataset), "Regions") for each in (None, POLICY))

    (lost,) = [
        each for each in bare["bootstrap"]["terms"] if each["term"] == "control.region[islands]"
    ]
    assert "control.region[islands]" not in {each["term"] for each in made["bootstrap"]["terms"]}
    assert len(made["bootstrap"]["terms"]) == 4
    told = rendered(results(POLICY, plan, dataset))
    assert not any(told_in(text, {repr(lost["conf_low"])}) for text in told.values())


def test_a_region_with_two_firms_takes_another_with_it(safe):
    by_region, young, everybody = safe.estimates_document["descriptives"]
    shown = {each["term"] for each in by_region["terms"] if each["estimate"] is not None}

    assert {"mean[islands]", "mean[west]"}.isdisjoint(shown)
    assert "mean[north]" in shown
    assert young["terms"][0]["n"] is None
    assert everybody["terms"][0]["estimate"] is not None
    rules = {(each.where, each.rule) for each in safe.withheld}
    assert ("By region: Islands", "few_firms") in rules
    assert any(rule == "complementary" for _, rule in rules)


def test_without_a_policy_nothing_is_withheld(bare):
    assert bare.withheld == ()
    assert len(bare.estimates_document["models"]) == 3


def test_few_missing_answers_are_not_counted(safe):
    dataset = firms()
    frame = dataset.frame.copy()
    frame.iloc[[1, 2, 3], frame.columns.get_loc("control.employment")] = np.nan
    told = results(POLICY, dataset=replace(dataset, frame=frame))

    assert model(told, "Everybody")["sample_note"] == "Few firms left out for missing values."
    assert not re.search(r"(?<!\d)3 firms", " ".join(rendered(told).values()))
    frame.iloc[:12, frame.columns.get_loc("control.employment")] = np.nan
    many = results(POLICY, dataset=replace(dataset, frame=frame))
    assert model(many, "Everybody")["sample_note"] == "12 firms left out for missing values."


def test_a_run_of_nothing_but_few_firms_fails_with_words_and_no_numbers():
    plan = f"title: T\nmodels:\n  - {{name: A, outcome: {OUTCOME}, formula: ln_employment, "
    plan += f"estimator: linear, covariance: HC1, subpopulation: '{FEW}', design: {DESIGN}}}\n"

    with pytest.raises(Refusal) as refused:
        results(POLICY, plan)

    assert refused.value.code == "few_firms"
    assert not any(character.isdigit() for character in refused.value.message)


def test_why_a_model_of_few_firms_was_refused_is_not_told_either():
    """All three young firms may have the same outcome: that would be three answers."""
    dataset = firms()
    frame = dataset.frame.copy()
    frame.loc[frame["control.age"] < 3, OUTCOME.strip("'")] = 1.0

    made = results(POLICY, dataset=replace(dataset, frame=frame))

    (refused,) = made.estimates_document["not_estimated"]
    assert refused["code"] == "few_firms"
    assert "few firms" in refused["message"]


CURVE = f"""
title: Curve
curve:
  outcomes: [{OUTCOME}]
  measures: [ln_employment]
  controls: {{none: '1', regions: factor(control.region)}}
  subpopulations: {{all: 'control.age > 0', young: '{FEW}'}}
  estimators: [linear]
  covariance: HC1
  design: none
"""


def test_effects_of_few_firms_are_in_no_curve():
    bare, safe = results(None, CURVE), results(POLICY, CURVE)
    lost = [each for each in safe.estimates_document["curve"]["specifications"] if each["refusal"]]

    assert {each["refusal"]["code"] for each in lost} <= {"few_firms", "too_few_rows"}
    assert {each["subpopulation"] for each in lost} == {"young"}
    secret = {
        repr(each["estimate"])
        for each in bare.estimates_document["curve"]["specifications"]
        if each["subpopulation"] == "young" and not each["refusal"]
    }
    assert secret
    assert not any(told_in(text, secret) for text in rendered(safe).values())
    assert "few_firms" in {each.rule for each in safe.withheld}


def test_firms_of_a_panel_are_counted_and_not_their_waves():
    dataset = firms()
    holdings = np.array([f"firm {row % 6}" for row in range(len(dataset.frame))], dtype=object)
    plan = PLAN.partition("  - name: The young")[0]

    assert pipeline.run(dataset, read_plan(plan), policy=POLICY).withheld == ()
    with pytest.raises(Refusal) as refused:
        pipeline.run(dataset, read_plan(plan), policy=POLICY, holdings=holdings)

    assert refused.value.code == "few_firms"


def test_nothing_has_a_line_for_each_firm_of_a_panel():
    names = [f"secret {row}" for row in range(126)]
    waves = [
        replace(
            firms(seed), provenance={"wave": slug, "wave_title": slug, "reference_last_year": 1}
        )
        for seed, slug in ((5, "2023"), (6, "2025"))
    ]
    panel = stacked(waves, units=[names, names])
    plan = f"""
title: Named
estimator: linear
covariance: HC1
design: {DESIGN}
waves: [2023, 2025]
models:
  - {{name: Firms, outcome: control.turnover, formula: ln_employment + factor(panel.unit)}}
  - {{name: All, outcome: control.turnover, formula: ln_employment}}
descriptives:
  - {{statistic: mean, outcome: control.turnover, by: panel.unit, name: Each firm}}
  - {{statistic: mean, outcome: control.turnover, by: panel.wave, name: Each wave}}
"""
    made = results(POLICY, plan, panel, holdings=panel.design["unit"].to_numpy(dtype=object))

    assert [name for name, text in rendered(made).items() if "secret" in text] == []
    assert {(each.where, each.rule) for each in made.withheld} == {("Firms", "names_of_firms")}
    told = made.estimates_document
    assert [each["name"] for each in told["not_described"]] == ["Each firm"]
    assert [each["title"] for each in told["descriptives"]] == ["Each wave"]


def test_another_policy_is_another_result():
    loose = results(DisclosurePolicy(least_firms=3, least_difference=1, least_residual_df=1))

    assert model(loose, "Regions")["terms"][2]["estimate"] is not None
    strict = results(DisclosurePolicy(least_firms=30))
    assert [each["estimate"] for each in model(strict, "Regions")["terms"]].count(None) >= 2


def described(subpopulation: str, name: str) -> str:
    return (
        f"title: {name}\ndesign: {DESIGN}\ndescriptives:\n  - {{statistic: total, "
        f"outcome: control.turnover, subpopulation: {subpopulation}, name: {name}}}\n"
    )


def test_what_went_out_before_must_not_give_few_firms_away():
    """All firms, and all firms but the three young ones, differ by three."""
    everybody = read_plan(described("control.age > 0", "Everybody"))
    grown = read_plan(described("control.age > 3", "Grown"))

    alone = pipeline.run(firms(), grown, policy=POLICY)
    after = pipeline.run(firms(), grown, policy=POLICY, earlier=(everybody,))

    assert alone.withheld == ()
    assert {each.rule for each in after.withheld} == {"difference"}
    assert after.estimates_document["descriptives"][0]["terms"][0]["estimate"] is None


def test_a_model_that_differs_by_few_firms_from_one_that_went_out_is_refused():
    of = PLAN.partition("  - name: The young")[0]
    without = of.replace(
        "formula: ln_employment", "formula: ln_employment\n    subpopulation: control.age > 3"
    )

    assert pipeline.run(firms(), read_plan(without), policy=POLICY).withheld == ()
    with pytest.raises(Refusal) as refused:
        pipeline.run(firms(), read_plan(without), policy=POLICY, earlier=(read_plan(of),))

    assert refused.value.code == "difference"


@pytest.mark.parametrize("estimator", ["interval_regression", "heckman"])
def test_nor_does_one_of_an_estimator_that_reads_incomplete_answers(estimator):
    case = CASES[estimator]
    fourth = np.sort(case.dataset.frame["size"].dropna())[3]

    def plan(**more):
        entry = case.model(estimator, **more)
        return read_plan(
            yaml.safe_dump({"title": "T", "covariance": "HC1", "design": "none", "models": [entry]})
        )

    fewer = plan(subpopulation=f"size > {fourth}")
    assert pipeline.run(case.dataset, fewer, policy=POLICY).withheld == ()
    with pytest.raises(Refusal) as refused:
        pipeline.run(case.dataset, fewer, policy=POLICY, earlier=(plan(),))

    assert refused.value.code == "difference"


def test_a_plan_of_before_that_the_code_of_now_cannot_read_keeps_no_other_from_running():
    gone = read_plan(
        described("control.age > 0", "Gone").replace(
            "descriptives:", "define: {big: a.measure.of.old > 3}\ndescriptives:"
        )
    )
    grown = read_plan(described("control.age > 3", "Grown"))

    made = pipeline.run(firms(), grown, policy=POLICY, earlier=(gone,))

    assert made.estimates_document["descriptives"][0]["terms"][0]["estimate"] is not None


def test_whatever_is_told_of_a_model_was_thought_of():
    """A field that is new here is a way out: see `analysis.pipeline.withholding` first."""
    assert {each.name for each in fields(Estimated)} == {
        "specification", "wording", "fit", "outcome_label", "has_population", "tests", "place",
        "resampled", "least_told", "curves",
    }  # fmt: skip


def at_a_limit(firms_there: int) -> pipeline.Results:
    """A tobit of which so many firms are at the upper limit, and none at the lower."""
    made = firms()
    share = np.random.default_rng(3).uniform(0.2, 1.8, len(made.frame))
    share[:firms_there] = 2.0
    dataset = dataset_of(
        {name: made.frame[name].to_numpy() for name in ("control.employment", "control.region")}
        | {"control.turnover": share},
        codes={"control.region": tuple((name, name.title()) for name in REGIONS)},
    )
    plan = f"""
title: Limit
estimator: tobit
covariance: HC1
design: {DESIGN}
models:
  - {{name: A, outcome: control.turnover, formula: ln_employment, with: {{upper: 2}}}}
"""
    return results(POLICY, plan, dataset)


def test_few_firms_at_the_limit_of_an_outcome_are_not_counted():
    few, many = at_a_limit(3), at_a_limit(30)

    assert "n_at_upper_limit" not in few.estimates_document["models"][0]["fit_measures"]
    assert [each.rule for each in few.withheld] == ["few_in_category"]
    assert many.estimates_document["models"][0]["fit_measures"]["n_at_upper_limit"] == 30
    assert many.withheld == ()
