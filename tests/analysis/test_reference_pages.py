"""The reference pages of plans, measures and estimates say what the code does."""

import re
from pathlib import Path

import pytest

from analysis import extracts, pipeline
from analysis.constructs import CATALOGUE
from analysis.specification import expressions, formula, language, plan, problems
from analysis.specification.expressions import parse_expression
from analysis.specification.formula import parse_formula
from analysis.specification.plan import read_plan
from tests.analysis.answered import PLAN, make_answered_wave

ROOT = Path(__file__).resolve().parents[2]
PLAN_PAGE = (ROOT / "docs/reference/plan-format.md").read_text()
MEASURES_PAGE = (ROOT / "docs/reference/measures.md").read_text()
ESTIMATES_PAGE = (ROOT / "docs/reference/estimates-json.md").read_text()


def section(page: str, heading: str) -> str:
    """The text under a heading, up to the next heading of any level."""
    start = re.search(rf"^#+ {re.escape(heading)}$", page, flags=re.MULTILINE)
    assert start is not None, heading
    return re.split(r"^#+ ", page[start.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """Names in backquotes at the start of the lines of a table."""
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("Keys of the plan", plan.PLAN_KEYS),
        ("Keys of a model", plan.MODEL_KEYS),
        ("Keys of the ladder", plan.LADDER_KEYS),
        ("Keys of a step", plan.STEP_KEYS),
        ("The design", plan.DESIGN_KEYS),
    ],
)
def test_every_key_of_a_plan_is_documented_and_no_other(heading, keys):
    assert sorted(first_column(section(PLAN_PAGE, heading))) == sorted(keys)


def test_every_choice_of_estimator_and_covariance_is_documented():
    keys = section(PLAN_PAGE, "Keys of the plan")
    lines = {line.split("`")[1]: line for line in keys.splitlines() if line.startswith("| `")}

    for key, choices in (("estimator", plan.ESTIMATORS), ("covariance", plan.COVARIANCES)):
        meaning = lines[key].split("|")[2]
        assert set(re.findall(r"`(\w+)`", meaning)) == set(choices)


def test_every_function_is_documented_and_no_other():
    written = first_column(section(PLAN_PAGE, "Expressions"))
    in_formulas = first_column(section(PLAN_PAGE, "Formulas"))

    assert {call.partition("(")[0] for call in written if re.match(r"\w+\(", call)} == set(
        expressions.FUNCTIONS
    )
    assert {call.partition("(")[0] for call in in_formulas if re.match(r"\w+\(", call)} == set(
        formula.FUNCTIONS
    )


def test_every_formula_of_the_page_can_be_read():
    for text in first_column(section(PLAN_PAGE, "Formulas")):
        assert parse_formula(text) is not None


def test_every_call_of_the_page_can_be_read_as_an_expression():
    calls = [text for text in first_column(section(PLAN_PAGE, "Expressions")) if "(" in text]

    assert [parse_expression(text) for text in calls if text]


def test_the_limits_of_the_page_are_those_of_the_code():
    limits = section(PLAN_PAGE, "Limits")

    assert [int(number.replace(",", "")) for number in re.findall(r"\b\d[\d,]*\b", limits)] == [
        language.LONGEST,
        language.MOST_WORDS,
        language.DEEPEST_NESTING,
        expressions.DEEPEST,
        formula.MOST_TERMS,
        plan.MOST_MODELS,
        problems.MOST_PROBLEMS,
    ]


def test_every_code_that_reading_a_plan_can_bring_is_documented_and_no_other():
    sources = [path.read_text() for path in sorted((ROOT / "analysis/specification").glob("*.py"))]
    raised = {
        code
        for source in sources
        for code in (
            *re.findall(r"Refusal\(\s*\"(\w+)\"", source),
            *re.findall(r"\.note\((?:[^()]|\([^()]*\))*?,\s*\"([a-z]+(?:_[a-z]+)+)\"", source),
        )
    }

    assert set(first_column(section(PLAN_PAGE, "Codes of problems"))) == raised


def test_the_example_of_the_page_is_a_plan():
    text = re.search(r"```yaml\n(.*?)```", PLAN_PAGE, flags=re.DOTALL)

    read = read_plan(text.group(1))

    assert [specification.name for specification in read.specifications] == [
        "New to market, linear",
        "Controls",
        "+ near",
        "+ far",
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "analysis/plans").glob("*.yaml")), ids=str)
def test_every_shipped_plan_can_be_read(path):
    assert read_plan(path.read_text()).specifications


def test_every_measure_is_documented_with_the_constructs_it_needs_and_no_other():
    documented = {
        re.findall(r"`([^`]+)`", line)[0]: re.findall(r"`([^`]+)`", line.split("|")[2])
        for line in MEASURES_PAGE.splitlines()
        if line.startswith("| `")
    }

    assert documented == {
        entry.name: [construct for either in entry.needs for construct in either]
        for entry in CATALOGUE
    }


@pytest.fixture
def estimates(db):
    wave = make_answered_wave()
    return pipeline.run(extracts.dataset(wave), read_plan(PLAN)).estimates_document


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("The document", lambda document: document),
        ("The data", lambda document: document["data"]),
        ("A model", lambda document: document["models"][0]),
        ("A term or a marginal effect", lambda document: document["models"][0]["terms"][0]),
        ("A term or a marginal effect", lambda document: document["models"][0]["margins"][0]),
    ],
)
def test_every_key_of_the_estimates_is_documented_in_order_and_no_other(heading, part, estimates):
    assert first_column(section(ESTIMATES_PAGE, heading)) == list(part(estimates))
