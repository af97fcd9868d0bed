"""Curves that a plan wants drawn of its models: from the text to the figure."""

import json

import numpy as np
import pytest

from analysis import pipeline
from analysis.estimation.after.shape import inner_range
from analysis.figures.of_estimates import figures_of
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from tests.analysis.test_pipeline import made_dataset

PLAN = """
title: Curves
covariance: HC1
design: none
define: {old: control.age > 30}
models:
  - name: Size
    outcome: product
    formula: control.age + old + ln_employment
    margins: no
    draw:
      - {prediction: control.age}
      - {effect: control.age, by: old}
      - {prediction: old}
      - {prediction: contrl.age}
  - name: Turns
    outcome: product
    formula: control.age + control.age^2
    tests: [{u_shape: control.age}]
"""
DATASET = made_dataset()


@pytest.fixture(scope="module")
def document() -> dict:
    made = pipeline.run(DATASET, read_plan(PLAN)).estimates_document
    return json.loads(json.dumps(made, allow_nan=False))


def drawn(document: dict, model: int) -> list[dict]:
    return document["models"][model]["curves"]


def test_a_predicted_curve_averages_over_the_firms_as_they_are(document: dict) -> None:
    age = DATASET.frame["control.age"].to_numpy()
    known = ~np.isnan(age)
    old = (age[known] > 30).astype(float)
    size = np.log(DATASET.frame["control.employment"].to_numpy()[known])
    b = {line["term"]: line["estimate"] for line in document["models"][0]["terms"]}
    constant = b.get("(Intercept)", b.get("Intercept"))

    (line,) = drawn(document, 0)[0]["lines"]

    index = constant + b["old"] * old + b["ln_employment"] * size
    expected = [
        np.mean(1 / (1 + np.exp(-(index + b["control.age"] * at)))) for at in line["values"]
    ]
    np.testing.assert_allclose(line["estimates"], expected, rtol=1e-9)
    assert (line["values"][0], line["values"][-1]) == inner_range(age[known])
    assert all(
        low < at < high
        for low, at, high in zip(line["low"], line["estimates"], line["high"], strict=True)
    )


def test_an_effect_curve_has_a_line_for_each_value_of_the_other_variable(document: dict) -> None:
    curve = drawn(document, 0)[1]

    labels = [line["label"] for line in curve["lines"]]
    assert [label.rpartition(": ")[2] for label in labels] == ["no", "yes"]
    slopes = np.array([line["estimates"] for line in curve["lines"]])
    b = {line["term"]: line["estimate"] for line in document["models"][0]["terms"]}
    assert (np.sign(slopes) == np.sign(b["control.age"])).all()
    assert not np.allclose(slopes[0], slopes[1])


def test_what_cannot_be_drawn_says_why_and_leaves_the_model_as_it_is(document: dict) -> None:
    _, _, binary, unknown = drawn(document, 0)

    assert "no values in between" in binary["refusal"]
    assert "not in the model" in unknown["refusal"]
    assert binary["lines"] == unknown["lines"] == []


def test_a_tested_u_is_drawn_with_its_turning_point_without_being_asked(document: dict) -> None:
    (curve,) = drawn(document, 1)

    b = {line["term"]: line["estimate"] for line in document["models"][1]["terms"]}
    assert curve["kind"] == "u_shape"
    at = -b["control.age"] / (2 * b["control.age^2"])
    assert curve["turning"]["at"] == pytest.approx(at, rel=1e-9)


def test_each_curve_is_a_figure_of_the_run(document: dict) -> None:
    found = {each.key: each for each in figures_of(document, source="Source: made.")}

    keys = [key for key in found if key.startswith("curve-")]
    assert keys == ["curve-1", "curve-2", "curve-3"]
    figures = [found[key].draw() for key in keys]
    assert [figure.kind for figure in figures] == ["prediction", "effect", "u_shape"]
    assert [len(figure.rows) for figure in figures] == [41, 82, 41]


def test_a_range_leaves_firms_beyond_either_end() -> None:
    values = np.concatenate([[-1e6], np.arange(100.0), [1e6]])

    assert inner_range(values) == (8.0, 91.0)
    assert inner_range(np.array([0.0] * 12 + [3.0] * 12)) == (0.0, 3.0)


@pytest.mark.parametrize(
    "draw",
    ["breadth", "[breadth]", "[{effect: a, prediction: b}]", "[{prediction: 3}]", "[{curve: a}]",
     "[" + ", ".join(f"{{prediction: x{n}}}" for n in range(13)) + "]"],
)  # fmt: skip
def test_what_is_no_curve_is_a_problem_of_the_plan(draw: str) -> None:
    text = f"title: T\nmodels:\n  - {{outcome: product, formula: breadth, draw: {draw}}}\n"

    with pytest.raises(Refusal) as refused:
        read_plan(text)

    assert any("draw" in problem.where for problem in refused.value.problems)
