"""A plan as a value, and every problem of one that is not."""

import pytest

from analysis.specification.formula import parse_formula
from analysis.specification.model import DesignChoice
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanRefusal

ONE_MODEL = """
title: One model
models:
  - {name: M, outcome: product, formula: breadth}
"""


def problems_of(text):
    with pytest.raises(PlanRefusal) as caught:
        read_plan(text)
    return [(problem.where, problem.code) for problem in caught.value.problems]


def only_model(text):
    (specification,) = read_plan(text).specifications
    return specification


def test_what_is_left_out_of_a_plan_has_its_default():
    specification = only_model(ONE_MODEL)

    assert (specification.estimator, specification.covariance) == ("logit", "design")
    assert specification.design == DesignChoice(True, True, True, True)
    assert (specification.subpopulation, specification.margins) == (None, True)


def test_a_model_overrides_what_the_plan_says():
    specification = only_model(
        """
title: T
estimator: probit
covariance: cluster
design: none
margins: yes
subpopulation: control.age > 5
models:
  - name: M
    outcome: product
    formula: breadth
    estimator: linear
    covariance: HC1
    design: {weights: design, strata: none, clusters: none, population: none}
    margins: no
    subpopulation: none
"""
    )

    assert (specification.estimator, specification.covariance) == ("linear", "HC1")
    assert specification.design == DesignChoice(True, False, False, False)
    assert (specification.subpopulation, specification.margins) == (None, False)


def test_each_step_of_a_ladder_has_the_terms_of_those_before():
    plan = read_plan(
        """
title: T
ladder:
  outcome: product
  steps:
    - {name: Controls, add: ln_employment + in_group}
    - {name: + local, add: partners.local}
    - {name: + squares, add: partners.local + partners.local^2}
"""
    )

    assert [(each.name, str(each.formula)) for each in plan.specifications] == [
        ("Controls", "ln_employment + in_group"),
        ("+ local", "ln_employment + in_group + partners.local"),
        ("+ squares", "ln_employment + in_group + partners.local + partners.local^2"),
    ]


def test_a_ladder_is_climbed_for_each_of_several_outcomes():
    plan = read_plan(
        """
title: T
ladder:
  outcomes: [product, process]
  steps: [{name: A, add: x}, {name: B, add: y}]
"""
    )

    assert [(each.name, each.outcome) for each in plan.specifications] == [
        ("product: A", "product"),
        ("product: B", "product"),
        ("process: A", "process"),
        ("process: B", "process"),
    ]


def test_every_problem_of_a_plan_is_told_at_once_with_its_place():
    found = problems_of(
        """
tilte: T
covariance: HC7
design: {wieghts: design, strata: perhaps}
scales: {near: local}
define: {"1st": a, a: b, b: a, c: a +}
models:
  - {name: M, outcome: product, formula: "breadth + sqrt(depth)", estimator: tobit}
  - {name: M, formula: breadth, subpopulation: "age <"}
"""
    )

    assert set(found) == {
        ("plan", "unknown_key"),
        ("plan", "missing_key"),
        ("define > 1st", "bad_name"),
        ("define", "circular_definition"),
        ("define > c", "cannot_read"),
        ("scales > near", "wrong_shape"),
        ("model M", "unknown_choice"),
        ("model M > design", "unknown_key"),
        ("model M > design", "unknown_choice"),
        ("model M", "unknown_function"),
        ("model M", "missing_key"),
        ("model M", "cannot_read"),
        ("model M", "duplicate_name"),
    }


def test_a_misspelt_key_is_answered_with_the_one_that_was_meant():
    with pytest.raises(PlanRefusal) as caught:
        read_plan("tilte: T" + ONE_MODEL.replace("title: One model", ""))

    assert caught.value.problems[0].remedy == "Did you mean title?"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: T", ("plan", "no_models")),
        ("title: T\nmodels: M", ("plan", "wrong_shape")),
        ("title: T\nmodels: [M]", ("plan", "wrong_shape")),
        ("title: T\nladder: [a]", ("plan", "wrong_shape")),
        ("title: [T]" + ONE_MODEL.replace("title: One model", ""), ("plan", "wrong_shape")),
        ("define: [a]" + ONE_MODEL, ("plan", "wrong_shape")),
        ("title: T\nladder: {steps: [{add: x}]}", ("ladder", "missing_key")),
        ("title: T\nladder: {outcome: y, steps: [{nmae: x}]}", ("ladder > step 1", "unknown_key")),
        ("define: {a: a + 1}" + ONE_MODEL, ("define", "circular_definition")),
        ("margins: perhaps" + ONE_MODEL, ("model M", "unknown_choice")),
        ("design: some" + ONE_MODEL, ("model M", "wrong_shape")),
    ],
)
def test_each_problem_has_its_place_and_code(text, problem):
    assert problem in problems_of(text)


def test_a_table_has_at_most_sixty_models():
    models = "".join(f"  - {{name: M{number}, outcome: y, formula: x}}\n" for number in range(61))

    assert problems_of(f"title: T\nmodels:\n{models}") == [("plan", "too_many_models")]


def test_layout_and_comments_do_not_change_the_fingerprint():
    other = """
# a comment
models:
  - formula: breadth
    outcome: product
    name: M

title: "One model"
"""

    assert read_plan(other).fingerprint == read_plan(ONE_MODEL).fingerprint


def test_a_change_of_the_formula_changes_the_fingerprint():
    other = ONE_MODEL.replace("breadth", "depth")

    assert read_plan(other).fingerprint != read_plan(ONE_MODEL).fingerprint


def test_a_formula_of_a_plan_is_what_its_text_says():
    assert only_model(ONE_MODEL).formula == parse_formula("breadth")
