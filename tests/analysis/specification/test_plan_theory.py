"""What a plan says under theory: all of it kept, all that is wrong with it told at once."""

import pytest

from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanRefusal
from analysis.specification.theory import Claim, Expectation, Robustness, Source

PLAN = """
title: Far partners
theory:
  theme: scales
  proposition: {A26: Local learning is not enough.}
  source:
    - Simmie (2003)
    - {work: Fitjar & Rodríguez-Pose (2011), says: far partners count., basis: abstract}
  estimand: Difference in the probability.
  hypothesis: More far partners, more often new.
  expects: ["partners.global > 0", {inverted_u: breadth}]
  against: A negative estimate.
  robustness: {Probit: The form., curve: All choices.}
models:
  - name: Logit
    outcome: product
    formula: partners.global + breadth + breadth^2
    tests: ["partners.global > 0", {u_shape: breadth}]
  - {name: Probit, outcome: product, estimator: probit, formula: partners.global}
curve: {outcomes: [product], measures: [partners.global]}
"""


def problems(text: str) -> dict[str, str]:
    with pytest.raises(PlanRefusal) as refused:
        read_plan(text)
    return {each.code: f"{each.where}: {each.message}" for each in refused.value.problems}


def test_every_part_of_a_theory_is_read():
    theory = read_plan(PLAN).theory

    assert theory.theme_words == "Local, national, global"
    assert theory.claims == (Claim("A26", "Local learning is not enough."),)
    assert theory.sources[0] == Source("Simmie (2003)")
    assert theory.sources[1].basis == "abstract"
    assert theory.expects == (
        Expectation("direction", "partners.global > 0"),
        Expectation("inverted_u", "breadth"),
    )
    assert theory.robustness == (
        Robustness("Probit", "The form."),
        Robustness("curve", "All choices."),
    )


def test_what_is_said_from_memory_is_marked_wherever_it_is_printed():
    text = PLAN.replace("basis: abstract", "basis: memory")

    (_, source) = read_plan(text).theory.sources

    assert source.sentence.endswith("(from memory, unverified).")


def test_a_plan_without_theory_has_none():
    assert read_plan("title: T\nmodels: [{outcome: a, formula: b}]\n").theory is None


def test_the_tests_of_a_step_take_the_place_of_those_of_its_ladder():
    plan = read_plan(
        "title: T\nladder:\n  outcome: y\n  tests: [a = 0]\n  steps:\n"
        "    - {name: One, add: a}\n    - {name: Two, add: b, tests: [a = b]}\n"
    )

    assert [each.tests[0].about[0] for each in plan.specifications] == ["a = 0", "a = b"]


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("theme: scales", "theme: other", "unknown_choice", "theme"),
        ("  theme: scales\n", "", "missing_key", "theme is missing"),
        ("  estimand: Difference in the probability.\n", "", "missing_key", "estimand is missing"),
        ("basis: abstract", "basis: hearsay", "unknown_choice", "source 2: basis"),
        ("{A26: Local learning is not enough.}", "[A26]", "wrong_shape", "proposition"),
        ("{A26: Local learning is not enough.}", "{A26: }", "missing_key", "A26"),
        ("- Simmie (2003)", "- 3", "wrong_shape", "source 1"),
        ("against: A negative estimate.", "against: [x]", "wrong_shape", "against"),
        ("{inverted_u: breadth}", "{inverted_u: depth}", "untested_expectation", "depth"),
        ("{inverted_u: breadth}", "partners.global = 0", "undirected_expectation", "global"),
        ("{inverted_u: breadth}", "{falls: breadth}", "undirected_expectation", "falls"),
        ("Probit: The form.", "Cloglog: The form.", "unknown_model", "Cloglog"),
        ("hypothesis:", "hypotheses: x\n  hypothesis:", "unknown_key", "hypotheses"),
    ],
)
def test_what_is_wrong_with_a_theory_is_told_with_its_place(old, new, code, words):
    told = problems(PLAN.replace(old, new, 1))

    assert list(told) == [code]
    assert words in told[code]


def test_a_theory_that_is_no_mapping_is_refused():
    assert problems("title: T\ntheory: words\nmodels: [{outcome: a, formula: b}]\n") == {
        "wrong_shape": "theory: theory is not a mapping."
    }


def test_a_curve_that_the_plan_does_not_have_cannot_bear_a_finding_out():
    text = PLAN.replace("curve: {outcomes: [product], measures: [partners.global]}\n", "")

    assert list(problems(text)) == ["unknown_model"]
