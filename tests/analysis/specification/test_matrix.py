"""From a specification to outcome, columns and domain."""

import numpy as np
import pytest

from analysis.constructs import vocabulary
from analysis.refusals import Refusal
from analysis.specification.matrix import equation, with_definitions
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of

SECTORS = (("trade", "Trade"), ("services", "Services"), ("mining", "Mining"))
DATASET = dataset_of(
    {
        "innovation.product[good]": [1, 0, 1, 0, None],
        "control.employment": [1, 2, 4, 8, 16],
        "control.age": [3, None, 5, 7, 9],
        "control.industry": ["services", "trade", "trade", None, "mining"],
        "networking.cooperation[suppliers,local]": [0, 1, 1, 0, 1],
    },
    codes={"control.industry": SECTORS},
)


def equation_of(formula, **more):
    lines = [f"{key}: {value}" for key, value in more.items()]
    plan = read_plan(
        "\n".join(
            [
                "title: T",
                *lines,
                "models:",
                "  - name: M",
                "    outcome: product",
                f"    formula: {formula}",
            ]
        )
    )
    known = with_definitions(plan, vocabulary(DATASET, dict(plan.scales)), 5)
    return equation(plan.specifications[0], known, 5)


def refusal_of(formula, **more):
    with pytest.raises(Refusal) as caught:
        equation_of(formula, **more)
    return caught.value


def test_columns_stand_in_the_order_of_the_formula_after_the_intercept():
    ready = equation_of("control.employment + control.employment^2 + log(control.employment)")

    assert ready.X.names == (
        "(Intercept)",
        "control.employment",
        "control.employment^2",
        "log(control.employment)",
    )
    assert np.allclose(
        ready.X.X,
        [[1, size, size**2, np.log(size)] for size in (1, 2, 4, 8, 16)],
    )


def test_a_firm_with_anything_missing_stays_in_the_design_outside_the_domain():
    ready = equation_of("control.age + factor(control.industry)")

    assert len(ready.y) == 5
    assert ready.domain.tolist() == [True, False, True, False, False]
    assert ready.in_subpopulation == 5


def test_the_first_code_that_occurs_is_the_base_and_codes_without_firms_are_named():
    ready = equation_of("factor(control.industry)")

    assert ready.X.names == ("(Intercept)", "control.industry[services]")
    assert ready.empty_levels == ("control.industry: Mining",)
    assert ready.labels["control.industry[services]"] == "Services"
    assert ready.factors == {"control.industry[services]": "control.industry"}


def test_another_base_can_be_named():
    ready = equation_of("factor(control.industry, base = 'services')")

    assert ready.X.names == ("(Intercept)", "control.industry[trade]")


def test_one_code_can_be_an_indicator_of_its_own():
    ready = equation_of("indicator(control.industry = 'trade')")

    assert ready.X.names == ("(Intercept)", "indicator(control.industry = 'trade')")
    assert ready.X.X[ready.domain, 1].tolist() == [0, 1, 1]


def test_a_product_with_a_category_has_a_column_for_each_level():
    ready = equation_of("control.employment*factor(control.industry)")

    assert ready.X.names[-1] == "control.employment:control.industry[services]"
    assert ready.X.X[ready.domain, -1].tolist() == [1, 0, 0]


def test_a_term_belongs_to_the_scale_of_its_variables():
    ready = equation_of("partners.local + partners.local^2 + partners.local:control.age")

    assert ready.scales == {"partners.local": "local", "partners.local^2": "local"}


def test_the_subpopulation_bounds_the_domain_and_a_missing_answer_is_outside_it():
    ready = equation_of("control.employment", subpopulation="control.age < 6")

    assert ready.in_subpopulation == 2
    assert ready.domain.tolist() == [True, False, True, False, False]


def test_definitions_read_one_another_in_any_order_and_carry_their_label():
    ready = equation_of(
        "twice", define="{twice: 2 * once, once: control.employment + 0}", labels="{twice: Two}"
    )

    assert ready.X.X[:, 1].tolist() == [2, 4, 8, 16, 32]
    assert ready.labels["twice"] == "Two"


@pytest.mark.parametrize(
    ("formula", "code", "words"),
    [
        ("control.industry", "not_a_number", "factor(control.industry)"),
        ("factor(control.age)", "not_a_category", "“control.age” is a number"),
        ("log(control.industry)", "not_a_number", "factor(control.industry)"),
        ("indicator(control.industry = 'tarde')", "unknown_code", "Codes that occur"),
        ("factor(control.industry, base = 'mining')", "unknown_code", "'mining'"),
        (
            "factor(control.industry) + factor(control.industry, base = 'services'):control.age",
            "two_bases",
            "'trade' and 'services'",
        ),
        ("partners.global", "unknown_term", "this wave has local"),
    ],
)
def test_what_cannot_be_a_column_is_refused_with_the_way_out(formula, code, words):
    refusal = refusal_of(formula)

    assert (refusal.code, words in str(refusal)) == (code, True), str(refusal)


def test_the_same_base_named_twice_is_one_set_of_columns():
    ready = equation_of("factor(control.industry) + factor(control.industry, base = 'trade')")

    assert ready.X.names == ("(Intercept)", "control.industry[services]")
