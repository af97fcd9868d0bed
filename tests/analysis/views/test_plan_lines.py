import pytest

from analysis.refusals import Refusal
from analysis.specification.problems import PlanProblem
from analysis.views.plan_lines import placed_problems, problems_of

SOURCE = """\
title: T
estimator: lgit
scales:
  near: local
models:
  - name: First
    outcome: product
    formula: size + wieght
    margins: maybe
  - outcome: process
    formula: size
ladder:
  outcomes: [product, process]
  steps:
    - {name: Controls, add: size}
    - name: + local
      add: partners.locl
"""


@pytest.mark.parametrize(
    ("where", "message", "line"),
    [
        ("plan", "The plan cannot be read at line 4, column 2: no.", 4),
        ("plan", "The key 'scales' is not known.", 3),
        ("model First", "margins is 'maybe'.", 9),
        ("model First", "estimator is 'lgit'.", 2),
        ("model First", "“wieght” is not known.", 8),
        ("model 2", "formula is missing.", 11),
        ("scales > near", "It is not a list of scales.", 4),
        ("ladder > step Controls", "The formula ends too early.", 15),
        ("model product: + local", "“partners.locl” needs a scale.", 17),
        ("plan", "Something in general.", None),
    ],
)
def test_a_problem_is_led_back_to_its_line(where, message, line):
    placed = placed_problems([PlanProblem("code", where, message, "Do this.")], SOURCE)

    assert [(each.where, each.message, each.line) for each in placed] == [(where, message, line)]


def test_a_text_that_is_no_yaml_has_no_lines():
    placed = placed_problems([PlanProblem("code", "model x", "What.", "")], "a: [")

    assert placed[0].line is None


def test_a_refusal_of_the_whole_text_is_one_problem():
    refusal = Refusal("not_yaml", "No.", "Correct it.")

    assert problems_of(refusal) == (PlanProblem("not_yaml", "plan", "No.", "Correct it."),)
