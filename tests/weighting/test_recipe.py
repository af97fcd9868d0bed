"""Recipes: what a document means, what is refused, and the same weights as R's."""

from typing import Any

import numpy as np
import pytest

from mathematics.refusals import Refusal
from surveys.weighting.carrying_out import Drawn, carry_out
from surveys.weighting.recipe import read_recipe
from tests.weighting.schools import BASE, RESPONDED, STYPE, TYPES, WIDE, column, weights_by_r

SCHOOLS = Drawn(
    base=BASE,
    disposition=np.where(RESPONDED, "complete", "non_contact"),
    categories={"type": STYPE, "wide": WIDE},
    numbers={"api99": column("api99")},
    frame={"type": TYPES, "wide": {"No": 1072.0, "Yes": 5122.0}},
    totals={"api99": 3914069.0},
    stratum=STYPE,
    cluster=np.arange(len(BASE)).astype(str),
    population=column("fpc"),
    unknown=np.zeros(len(BASE), dtype=bool),
)
CLASSES = {"method": "classes", "variables": ["type"]}
BY_R: dict[str, dict[str, Any]] = {
    "classes": {"nonresponse": CLASSES},
    "rake": {"nonresponse": CLASSES, "calibration": {"margins": ["type", "wide"]}},
    "linear": {
        "nonresponse": CLASSES,
        "calibration": {"method": "linear", "margins": ["type"], "totals": ["api99"]},
    },
    "logit": {
        "nonresponse": CLASSES,
        "calibration": {
            "method": "logit",
            "margins": [{"variable": "type", "totals": TYPES}],
            "totals": [{"variable": "api99", "total": 3914069}],
            "bounds": [0.5, 2],
        },
    },
    "trimmed": {
        "nonresponse": CLASSES,
        "calibration": {"method": "linear", "margins": ["type"], "totals": ["api99"]},
        "trimming": {"rule": "weight", "upper": 80, "lower": 15, "spread": "equal"},
    },
    "inverse propensity": {
        "nonresponse": {"method": "inverse_propensity", "variables": ["type", "wide"]}
    },
}


@pytest.mark.parametrize("case", BY_R)
def test_a_recipe_gives_the_weights_of_r(case: str) -> None:
    found = carry_out(read_recipe(BY_R[case]), SCHOOLS)

    assert found.weights.final == pytest.approx(weights_by_r(case), rel=1e-8)


def test_the_report_sets_respondents_beside_the_frame() -> None:
    report = carry_out(read_recipe(BY_R["rake"]), SCHOOLS).report

    small = next(line for line in report["margins"] if line["level"] == "E")
    assert small["frame"] == pytest.approx(4421 / 6194)
    assert small["final"] == pytest.approx(4421 / 6194)
    assert small["respondents"] == pytest.approx(np.mean(STYPE[RESPONDED] == "E"))
    assert report["cases"] == {
        "drawn": 200,
        "respondents": int(RESPONDED.sum()),
        "nonrespondents": int((~RESPONDED).sum()),
        "not_eligible": 0,
    }


def test_trimming_tells_what_it_costs() -> None:
    told = carry_out(read_recipe(BY_R["trimmed"]), SCHOOLS).report["trimming"]

    before, after = told["totals"]["api99"]
    assert before == pytest.approx(3914069)
    assert after != pytest.approx(3914069)
    assert told["after"]["design_effect"] != told["before"]["design_effect"]


def test_replicates_are_made_on_request() -> None:
    recipe = read_recipe(BY_R["rake"] | {"replicates": {"method": "jackknife"}})

    found = carry_out(recipe, SCHOOLS)

    assert found.replicates is not None
    without = int(np.flatnonzero(RESPONDED)[0])
    assert found.replicates.weights[:, without] == pytest.approx(
        weights_by_r(f"jackknife without {without + 1}"), rel=1e-8
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "named parts"),
        ({"colour": 1}, "no part colour"),
        ({"respondents": ["refusal"]}, "respondents"),
        ({"nonresponse": {"method": "magic"}}, "nonresponse.method"),
        ({"nonresponse": {"variables": []}}, "at least one"),
        ({"calibration": {}}, "a margin or a total"),
        ({"calibration": {"margins": ["a", "a"]}}, "twice"),
        ({"calibration": {"margins": ["a"], "method": "logit"}}, "bounds"),
        ({"calibration": {"margins": ["a"], "bounds": [2, 3]}}, "bounds"),
        ({"calibration": {"margins": [{"variable": "a", "totals": {"x": "many"}}]}}, "a: x"),
        ({"trimming": {}}, "upper or a lower"),
        ({"replicates": {"count": 1}}, "replicates.count"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_recipe(document)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"nonresponse": {"variables": ["colour"]}}, "variable_unknown"),
        ({"nonresponse": CLASSES, "calibration": {"totals": ["turnover"]}}, "variable_unknown"),
    ],
)
def test_a_variable_that_the_frame_lacks_is_refused(document: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        carry_out(read_recipe(document), SCHOOLS)

    assert refused.value.code == code
