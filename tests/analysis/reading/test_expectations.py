"""Whether what was expected came out: by fixed rules on tests, and never by an estimate alone."""

import pytest

from analysis.reading.expectations import theory_told_by, told_theory
from analysis.specification.plan import read_plan

PLAN = """
title: Far partners
theory:
  theme: scales
  proposition: {A26: Local learning is not enough.}
  source:
    - {work: Laursen & Salter (2006), says: turning points, basis: memory}
    - Simmie (2003)
  estimand: Difference.
  hypothesis: More far partners, more often new.
  expects: ["far > 0", {inverted_u: breadth}]
  against: A negative estimate.
models:
  - {name: One, outcome: y, formula: far + breadth + breadth^2, tests: ["far > 0", {u_shape: breadth}]}
  - {name: Two, outcome: y, formula: far, tests: ["far > 0"]}
"""


def document(p_far: tuple, p_shape=0.5, square=-0.1):
    tests = [[_test("far > 0", p)] for p in p_far]
    tests[0].append(_test("u_shape: breadth", p_shape))
    return {
        "plan": {"theory": read_plan(PLAN).theory.document()},
        "models": [
            {"name": name, "tests": each, "terms": [{"term": "breadth^2", "estimate": square}]}
            for name, each in zip(("One", "Two"), tests, strict=False)
        ],
    }


def _test(asked, p_value):
    return {"asked": asked, "p_value": p_value, "sentence": f"{asked}: p = {p_value}."}


@pytest.mark.parametrize(
    ("p_value", "outcome"),
    [(0.049, "borne_out"), (0.05, "undecided"), (0.95, "undecided"), (0.951, "against"), (None, "untold")],
)  # fmt: skip
def test_a_directed_expectation_is_judged_by_its_one_sided_test(p_value, outcome):
    (far, _) = theory_told_by(document((p_value,))).expected

    assert [each.outcome for each in far.verdicts] == [outcome]


@pytest.mark.parametrize(
    ("p_value", "square", "outcome"),
    [(0.01, -0.1, "borne_out"), (0.01, 0.1, "against"), (0.06, -0.1, "undecided"), (0.01, None, "untold")],
)  # fmt: skip
def test_an_expected_turn_is_judged_by_the_u_test_and_the_way_it_turns(p_value, square, outcome):
    (_, shape) = theory_told_by(document((0.5,), p_value, square)).expected

    assert [each.outcome for each in shape.verdicts] == [outcome]


def test_an_expectation_counts_the_models_that_test_it():
    (far, shape) = theory_told_by(document((0.01, 0.99))).expected

    assert far.words == ("Borne out in 1 of 2 models that test it, the other way round in 1.")
    assert [each.model for each in far.verdicts] == ["One", "Two"]
    assert shape.words == "Borne out in 0 of 1 model that test it."


def test_before_a_run_nothing_is_said_of_what_came_out():
    told = told_theory(read_plan(PLAN).theory, None)

    assert [each.words for each in told.expected] == ["", ""]
    assert told.theme == "Local, national, global"


def test_what_is_said_from_memory_is_marked_so():
    told = told_theory(read_plan(PLAN).theory, None)

    assert told.sources == (
        "Laursen & Salter (2006): turning points (from memory, unverified).",
        "Simmie (2003).",
    )


def test_a_run_of_a_plan_without_theory_tells_none():
    assert theory_told_by({"plan": {"title": "T"}, "models": []}) is None
