"""Whatever stands in a plan is read by a grammar, or refused with its place and the way out."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.refusals import Refusal
from analysis.specification.expressions import parse_expression
from analysis.specification.formula import parse_formula
from analysis.specification.plan import (
    LADDER_KEYS,
    MODEL_KEYS,
    PLAN_KEYS,
    STEP_KEYS,
    read_plan,
)
from analysis.specification.plan_parts import DESIGN_KEYS
from analysis.specification.problems import MOST_PROBLEMS

SMALLEST_PLAN = "title: T\nmodels:\n  - {name: M, outcome: product, formula: breadth}\n"
ALPHABET = "abx_.0129 ()[]+-*/^:,='\"<>!\n\0é\u202e" + "loginrdtf"


def refusal_of(read, text):
    with pytest.raises(Refusal) as caught:
        read(text)
    return caught.value


def is_read_or_refused(read, text):
    """True unless anything but a Refusal comes out."""
    try:
        read(text)
    except Refusal as refusal:
        return bool(refusal.code and refusal.message)
    return True


@pytest.mark.parametrize("read", [parse_formula, parse_expression])
@given(text=st.text(ALPHABET, max_size=60) | st.text(max_size=200))
def test_any_text_is_read_or_refused(read, text):
    assert is_read_or_refused(read, text)


@given(text=st.text(max_size=200) | st.text("ab: -[]{}&*!|>'\"#\n 1?<", max_size=80))
def test_any_text_of_a_plan_is_read_or_refused(text):
    assert is_read_or_refused(read_plan, text)


KEYS = sorted({*PLAN_KEYS, *MODEL_KEYS, *LADDER_KEYS, *STEP_KEYS, *DESIGN_KEYS})
WORDS = ["logit", "HC1", "none", "design", "a + b", "a <", "M", "product", True, None, 3, 2.5, -1]
anything = st.recursive(
    st.sampled_from(WORDS) | st.text(max_size=5) | st.floats() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.integers(), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(document=st.dictionaries(st.sampled_from(PLAN_KEYS), anything, max_size=6))
def test_whatever_stands_under_the_keys_of_a_plan_is_read_or_refused(document):
    assert is_read_or_refused(read_plan, yaml.safe_dump(document))


@pytest.mark.parametrize("value", ["yes", "null", "[a]", "{a: b}"])
def test_what_is_no_text_is_no_expression(value):
    refusal = refusal_of(
        read_plan, f"define: {{a: {value}}}\nsubpopulation: {value}\n{SMALLEST_PLAN}"
    )

    found = {(problem.where, problem.code) for problem in refusal.problems}
    assert ("define > a", "wrong_shape") in found
    assert (("model M", "wrong_shape") in found) == (value != "null")


@pytest.mark.parametrize(
    ("read", "text", "code", "words"),
    [
        (parse_formula, "__import__('os')", "unknown_function", "“__import__” at character 1"),
        (parse_formula, "a + sqrt(b)", "unknown_function", "“sqrt” at character 5"),
        (parse_formula, "x.__class__", "cannot_read", "character 2, near '.__class__'"),
        (parse_formula, "a - b", "cannot_read", "character 3, near '- b'"),
        (parse_formula, "a +", "cannot_read", "ends too early"),
        (parse_formula, "  ", "cannot_read", "The formula is empty"),
        (parse_formula, "(" * 10_000 + "x" + ")" * 10_000, "too_long", "4000"),
        (parse_formula, "(" * 500 + "x" + ")" * 500, "too_complex", "30 are allowed"),
        (parse_formula, "x^1", "bad_power", "power 1 of “x”"),
        (parse_formula, "x^5", "bad_power", "power 5 of “x”"),
        (parse_formula, "(a+b+c+d)*(e+f+g+h)*(i+j+k+l)*(m+n+o+p)", "too_many_terms", "200 terms"),
        (parse_expression, "__import__('os')", "unknown_function", "“__import__” at character 1"),
        (parse_expression, "a < b < c", "cannot_read", "near '< c'"),
        (parse_expression, "lambda: 1", "cannot_read", "near ': 1'"),
        (parse_expression, "log(a, b)", "wrong_count", "log takes 1 argument, not 2"),
        (parse_expression, "max(a)", "wrong_count", "max takes 2 arguments, not 1"),
        (parse_expression, "-" * 390 + "1", "too_complex", "60 deep"),
        (parse_expression, "not " * 390 + "a", "too_complex", "60 deep"),
        (parse_expression, "a\0b", "cannot_read", "character 2"),
    ],
)
def test_each_refusal_says_what_is_wrong_and_where(read, text, code, words):
    refusal = refusal_of(read, text)

    assert (refusal.code, words in refusal.message) == (code, True), refusal.message


def test_a_misspelt_function_is_answered_with_the_one_that_was_meant():
    assert refusal_of(parse_expression, "lgo(a)").remedy == "Did you mean log or lag?"


def test_a_formula_names_its_functions_where_none_is_close():
    refusal = refusal_of(parse_formula, "system(a)")

    assert refusal.remedy == "Its functions are log, factor, indicator, lag, lead, change, first."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]", "anchors and aliases are not allowed"),
        ("title: A\ntitle: B", "line 2, column 1: the key 'title' stands twice"),
        ("a: !!python/object/apply:os.system ['ls']", "python/object/apply"),
        ("a: " + "[" * 50_000, "cannot be read"),
        ("title: " + "9" * 5_000, "cannot be read"),
        ("title: 2001-99-99", "cannot be read"),
        ("? [a]\n: b", "unhashable"),
        ("title: a\0", "cannot be read"),
        ("- a\n- b", "not a mapping"),
        ("", "not a mapping"),
    ],
)
def test_yaml_that_is_not_a_plain_mapping_is_refused(text, words):
    refusal = refusal_of(read_plan, text)

    assert (refusal.code, words in refusal.message) == ("not_yaml", True), refusal.message


def test_a_plan_over_the_size_limit_is_refused_before_it_is_parsed():
    assert refusal_of(read_plan, "title: " + "a" * 200_000).code == "too_large"


def test_of_thousands_of_problems_the_first_two_hundred_are_told():
    text = "".join(f"{number:x}:\n" for number in range(5_000))

    assert len(refusal_of(read_plan, text).problems) == MOST_PROBLEMS


def test_a_number_among_the_keys_is_a_problem_like_any_other():
    refusal = refusal_of(read_plan, "1: a\n" + SMALLEST_PLAN)

    assert refusal.document()["problems"] == [
        {
            "code": "unknown_key",
            "where": "plan",
            "message": "The key 1 is not known.",
            "remedy": refusal.remedy,
        }
    ]
