"""What each model would be estimated on, told with the words of the run itself."""

import numpy as np
import pytest

from analysis.constructs import vocabulary
from analysis.pipeline import Prepared, divided, worked
from analysis.pipeline.outlook import outlook
from analysis.specification.matrix import with_definitions
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of

FIRMS = 120


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    size = np.exp(rng.normal(3, 1, FIRMS)).round() + 1
    age = rng.integers(1, 40, FIRMS).astype(float)
    age[:15] = np.nan
    return dataset_of(
        {
            "control.employment": size.tolist(),
            "control.age": age.tolist(),
            "control.turnover": [None] * FIRMS,
            "control.export_share": [5.0] * FIRMS,
            "control.foreign_share": (2 * size).tolist(),
            "innovation.product[good]": rng.integers(0, 2, FIRMS).astype(float).tolist(),
            "control.region": ["n", "s", "w"] * (FIRMS // 3),
        },
        weight=rng.uniform(1, 4, FIRMS).tolist(),
        codes={"control.region": (("n", "N"), ("s", "S"), ("w", "W"))},
    )


def looked(data, *models: str, least: int = 10, **more):
    plan = read_plan("title: t\nmodels:\n" + "".join(f"- {{{each}}}\n" for each in models))
    known = with_definitions(plan, vocabulary(data, {}), FIRMS)
    return list(outlook(data, plan, known, least_firms=least, **more))


PRODUCT = "outcome: 'innovation.product[good]', covariance: HC1"


def test_a_model_tells_its_subpopulation_and_who_answered_all(data):
    found = looked(data, f"name: a, {PRODUCT}, formula: control.age, subpopulation: control.employment > 10")[0]  # fmt: skip

    size = data.frame["control.employment"]
    assert found.in_subpopulation == int((size > 10).sum())
    assert found.complete == int(((size > 10) & data.frame["control.age"].notna()).sum())
    assert (found.cautions, found.dropped, found.outcome) == ((), (), "yes or no")


@pytest.mark.parametrize(
    ("model", "code"),
    [
        (
            "formula: control.age, subpopulation: control.employment > 100000",
            "subpopulation_too_small",
        ),
        ("formula: control.turnover", "all_missing"),
        ("formula: control.age, estimator: poisson", "estimator_not_admissible"),
        ("formula: control.region", "not_a_number"),
        ("formula: control.age, subpopulation: 'innovation.product[good] = 1'", "outcome_constant"),
    ],
)
def test_what_a_run_would_leave_out_is_told_before(data, model, code):
    found = looked(data, f"name: a, {PRODUCT}, {model}")[0]

    assert [each.code for each in found.cautions] == [code]
    assert found.complete is None


def test_an_outcome_of_one_value_allows_no_estimator(data):
    found = looked(data, "name: a, outcome: control.export_share, formula: control.age, estimator: linear")[0]  # fmt: skip

    assert [each.code for each in found.cautions] == ["estimator_not_admissible"]
    assert found.outcome == "the same for all firms"


def test_terms_that_cannot_be_told_apart_are_named_as_the_run_names_them(data):
    found = looked(data, f"name: a, {PRODUCT}, formula: control.employment + control.foreign_share")[0]  # fmt: skip
    plan = read_plan(f"title: t\nmodels: [{{name: a, {PRODUCT}, formula: control.employment + control.foreign_share}}]")  # fmt: skip
    estimated = worked(Prepared(data, plan), divided(plan, FIRMS)[0])

    assert found.dropped == estimated.fit.dropped
    assert [term for term, _ in found.dropped] == ["control.foreign_share"]


def test_a_subpopulation_of_three_firms_is_not_counted_out(data):
    biggest = float(np.sort(data.frame["control.employment"])[-3])
    found = looked(data, f"name: a, {PRODUCT}, formula: control.age, subpopulation: control.employment >= {biggest}")[0]  # fmt: skip

    assert found.in_subpopulation is None
    assert "fewer than 10 firms" in found.cautions[0].message


def test_models_beyond_the_time_are_left_for_the_run(data):
    turns = iter([False, True, True])

    found = looked(
        data, *(f"name: {n}, {PRODUCT}, formula: control.age" for n in "abc"),
        until=lambda: next(turns),
    )  # fmt: skip

    assert [each.name for each in found] == ["a"]
