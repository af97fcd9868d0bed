"""A data set and a plan in, estimates and a table out, held against statsmodels itself."""

import json
import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis import pipeline
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of

# Both sides are iterated to convergence; what is left is rounding.
RTOL = 1e-8
N = 400


def made_dataset(**provenance):
    """Firms whose product innovation depends on distant partners, in two strata."""
    rng = np.random.default_rng(20)
    size = rng.lognormal(3, 1, N).round() + 1
    near, far = rng.integers(0, 2, (2, 2, N))
    sector = rng.choice(["trade", "services", "mining"], N)
    eta = -1 + 0.2 * near.sum(axis=0) + 0.8 * far.sum(axis=0) + 0.1 * np.log(size)
    good = (rng.random(N) < 1 / (1 + np.exp(-eta))).astype(float)
    age = rng.integers(1, 60, N).astype(float)
    age[:10] = np.nan
    large = size > np.median(size)
    return dataset_of(
        {
            "innovation.product[good]": good,
            "networking.cooperation[suppliers,local]": near[0],
            "networking.cooperation[clients,local]": near[1],
            "networking.cooperation[suppliers,global]": far[0],
            "networking.cooperation[clients,global]": far[1],
            "control.employment": size,
            "control.age": age,
            "control.industry": sector,
        },
        weight=np.where(large, 2.0, 7.5),
        stratum=np.where(large, "large", "small"),
        population=np.where(large, 400.0, 1500.0),
        codes={
            "control.industry": (("mining", "Mining"), ("services", "Services"), ("trade", "Trade"))
        },
        provenance={"survey_title": "Made", "wave_title": "2024", "made_data": True, **provenance},
    )


DATASET = made_dataset()
PLAN = """
title: Partners
models:
  - name: Plain
    outcome: product
    formula: partners.local + partners.global + log(control.employment) + factor(control.industry)
    covariance: HC1
    design: none
  - name: Weighted
    outcome: product
    formula: partners.local + partners.global + ln_age
    covariance: HC1
    design: {weights: design, strata: none, clusters: none, population: none}
  - name: Least squares of a part
    outcome: product
    estimator: linear
    formula: partners.local * partners.global + partners.global^2
    covariance: model
    design: none
    subpopulation: control.industry in ('mining', 'trade')
    margins: no
"""


def regressors(**columns):
    return sm.add_constant(pd.DataFrame(columns).astype(float))


def frame():
    data = DATASET.frame
    return (
        data["innovation.product[good]"],
        data["networking.cooperation[suppliers,local]"]
        + data["networking.cooperation[clients,local]"],
        data["networking.cooperation[suppliers,global]"]
        + data["networking.cooperation[clients,global]"],
    )


@pytest.fixture(scope="module")
def document():
    return pipeline.run(DATASET, read_plan(PLAN)).estimates_document


def numbers(model, key):
    return [term[key] for term in model["terms"]]


def test_a_logit_and_its_hc1_errors_are_those_of_statsmodels(document):
    y, near, far = frame()
    X = regressors(
        near=near,
        far=far,
        size=np.log(DATASET.frame["control.employment"]),
        services=DATASET.frame["control.industry"] == "services",
        trade=DATASET.frame["control.industry"] == "trade",
    )
    witness = sm.Logit(y, X).fit(method="newton", tol=1e-14, maxiter=200, disp=0, cov_type="HC0")
    model = document["models"][0]

    assert np.allclose(numbers(model, "estimate"), witness.params, rtol=RTOL)
    # statsmodels gives HC0 whatever is asked of a logit: the factor n/(n - k) is ours.
    factor = math.sqrt(N / (N - X.shape[1]))
    assert np.allclose(numbers(model, "std_error"), witness.bse * factor, rtol=RTOL)
    assert math.isclose(model["log_likelihood"], witness.llf, rel_tol=RTOL)
    assert numbers(model, "df") == [None] * 6


def test_weights_count_firms_of_the_population_and_leave_out_who_did_not_tell_the_age(document):
    y, near, far = frame()
    complete = DATASET.frame["control.age"].notna()
    w = DATASET.design["weight"][complete]
    X = regressors(near=near, far=far, age=np.log(DATASET.frame["control.age"]))[complete]
    witness = sm.GLM(y[complete], X, family=sm.families.Binomial(), var_weights=w)
    fitted = witness.fit(tol=1e-14, maxiter=200)
    scores = X.to_numpy() * (w * (y[complete] - fitted.mu)).to_numpy()[:, None]
    bread = np.linalg.inv(
        (X.to_numpy().T * (w * fitted.mu * (1 - fitted.mu)).to_numpy()) @ X.to_numpy()
    )
    n, k = X.shape
    covariance = bread @ scores.T @ scores @ bread * n / (n - k)
    model = document["models"][1]

    assert model["n"] == N - 10
    assert "10 firms left out for missing values." in model["notes"]
    assert math.isclose(model["population"], w.sum(), rel_tol=1e-15)
    assert np.allclose(numbers(model, "estimate"), fitted.params, rtol=RTOL)
    assert np.allclose(numbers(model, "std_error"), np.sqrt(np.diag(covariance)), rtol=RTOL)


def test_least_squares_on_a_subpopulation_are_those_of_statsmodels(document):
    y, near, far = frame()
    inside = DATASET.frame["control.industry"].isin(["mining", "trade"])
    X = regressors(near=near, far=far, both=near * far, square=far**2)[inside]
    witness = sm.OLS(y[inside], X).fit()
    model = document["models"][2]

    assert model["n"] == inside.sum()
    assert np.allclose(numbers(model, "estimate"), witness.params, rtol=RTOL)
    assert np.allclose(numbers(model, "std_error"), witness.bse, rtol=RTOL)
    assert np.allclose(numbers(model, "p_value"), witness.pvalues, rtol=RTOL)
    assert numbers(model, "df") == [witness.df_resid] * 5
    assert model["margins"] is None


def test_the_marginal_effect_of_an_indicator_is_a_difference_of_probabilities(document):
    y, near, far = frame()
    X = regressors(
        near=near,
        far=far,
        size=np.log(DATASET.frame["control.employment"]),
        services=DATASET.frame["control.industry"] == "services",
        trade=DATASET.frame["control.industry"] == "trade",
    )
    fitted = sm.Logit(y, X).fit(method="newton", tol=1e-14, maxiter=200, disp=0)
    mining, trade = X.assign(services=0.0, trade=0.0), X.assign(services=0.0, trade=1.0)
    difference = (fitted.predict(trade) - fitted.predict(mining)).mean()

    margins = {each["term"]: each["estimate"] for each in document["models"][0]["margins"]}

    assert math.isclose(margins["control.industry[trade]"], difference, rel_tol=RTOL)


def test_every_number_of_the_document_reads_back_as_itself(document):
    text = json.dumps(document, allow_nan=False)

    assert json.loads(text) == document


def test_progress_tells_each_model_by_name():
    told = []
    pipeline.run(
        DATASET,
        read_plan(PLAN),
        on_progress=lambda done, total, note: told.append((done, total, note)),
    )

    assert told == [
        (0, 3, "Deriving measures"),
        (0, 3, "Estimating Plain"),
        (1, 3, "Estimating Weighted"),
        (2, 3, "Estimating Least squares of a part"),
        (3, 3, "Making the table"),
    ]


def test_the_table_has_a_column_for_each_model_and_declares_made_data():
    table = pipeline.run(DATASET, read_plan(PLAN), fingerprint="f" * 64).table

    assert len(table.columns) == 3
    assert (table.title, table.fingerprint) == ("Partners", "f" * 64)
    assert any(note.startswith("Made data") for note in table.notes)
    assert any("10 firms left out for missing values" in note for note in table.notes)


def test_the_same_data_in_another_order_gives_the_same_numbers(document):
    order = np.random.default_rng(1).permutation(N)
    shuffled = type(DATASET)(
        DATASET.frame.iloc[order],
        DATASET.variables,
        DATASET.design.iloc[order],
        DATASET.provenance,
        DATASET.fingerprint,
    )
    again = pipeline.run(shuffled, read_plan(PLAN)).estimates_document

    for one, other in zip(document["models"], again["models"], strict=True):
        assert np.allclose(numbers(one, "estimate"), numbers(other, "estimate"), rtol=1e-12)
        assert np.allclose(numbers(one, "std_error"), numbers(other, "std_error"), rtol=1e-12)


def plan_of(formula, outcome="product", **more):
    lines = "".join(f"\n    {key}: {value}" for key, value in more.items())
    return read_plan(
        f"title: T\nmodels:\n  - name: The model\n    outcome: {outcome}\n"
        f"    formula: {formula}{lines}\n"
    )


@pytest.mark.parametrize(
    ("formula", "more", "code"),
    [
        ("depth.global", {}, "unknown_term"),
        ("partners.local", {"outcome": "control.employment"}, None),
        ("partners.local", {"subpopulation": "control.age > 1000"}, None),
    ],
)
def test_a_model_that_cannot_be_estimated_refuses_the_run_and_is_named(formula, more, code):
    with pytest.raises(Refusal, match=r"^Model “The model”: ") as caught:
        pipeline.run(DATASET, plan_of(formula, **more))

    assert code in (None, caught.value.code)


def test_a_wave_without_responses_is_refused():
    nobody = dataset_of({"control.age": []})

    with pytest.raises(Refusal) as caught:
        pipeline.run(nobody, plan_of("control.age"))

    assert caught.value.code == "no_responses"


def test_a_check_tells_every_unknown_name_of_every_model_before_anything_runs():
    plan = read_plan(
        """
title: T
models:
  - {name: A, outcome: shoes, formula: depth.global + partners.local + breadth}
  - {name: B, outcome: product, formula: control.industry}
  - {name: C, outcome: product, formula: partners.local, subpopulation: hats > 1}
  - {name: D, outcome: product, formula: partners.local}
"""
    )

    found = [(problem.where, problem.code) for problem in pipeline.check(DATASET, plan)]

    assert found == [
        ("model A", "unknown_term"),
        ("model A", "unknown_term"),
        ("model A", "unknown_term"),
        ("model B", "not_a_number"),
        ("model C", "unknown_term"),
    ]


def test_a_definition_that_cannot_be_computed_is_told_by_name_in_a_check_and_in_a_run():
    plan = read_plan("define: {a: hats + 1}\n" + PLAN)
    says = "The definition of “a”: “hats” is neither a measure nor a construct"

    (problem,) = pipeline.check(DATASET, plan)
    with pytest.raises(Refusal) as caught:
        pipeline.run(DATASET, plan)

    assert (problem.where, problem.code) == ("define", "unknown_term")
    assert problem.message == caught.value.message
    assert problem.message.startswith(says)


def test_a_definition_takes_the_place_of_a_measure_of_the_same_name():
    plan = read_plan("define: {ln_age: control.employment}\n" + PLAN)

    first, second = (
        pipeline.run(DATASET, each).estimates_document["models"][1]
        for each in (plan, read_plan(PLAN))
    )

    assert (first["n"], second["n"]) == (N, N - 10)


def test_missing_answers_are_refused_by_name_where_the_plan_says_so():
    text = PLAN_WITH_AGE.replace("title: Age", "title: Age\nmissing: refuse")

    with pytest.raises(Refusal) as refused:
        pipeline.run(DATASET, read_plan(text))

    assert refused.value.code == "missing_answers"
    assert "10 of 400 firms" in refused.value.message
    assert "(10)" in refused.value.message
    assert "leave_out" in refused.value.remedy


def test_missing_answers_are_left_out_and_counted_unless_refused():
    (model,) = pipeline.run(DATASET, read_plan(PLAN_WITH_AGE)).estimates_document["models"]

    assert model["n"] == N - 10
    assert any("10 firms left out" in note for note in model["notes"])


PLAN_WITH_AGE = """
title: Age
models:
  - {name: Age, outcome: product, formula: partners.local + control.age, covariance: HC1}
"""
