"""The reference pages of plans, measures, estimators and estimates say what the code does."""

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from analysis import extracts, pipeline
from analysis.constructs import CATALOGUE
from analysis.constructs.entry import codebook_cells
from analysis.constructs.ties_over_waves import ENTRIES as OVER_WAVES
from analysis.estimation.descriptive.entry import STATISTICS
from analysis.estimation.estimates import Covariance
from analysis.estimation.estimator import SHARED_ROLES
from analysis.estimation.parts import Role
from analysis.estimation.registry import ESTIMATORS
from analysis.specification import (
    expressions,
    formula,
    language,
    plan,
    plan_curve,
    plan_descriptives,
    plan_parts,
    plan_theory,
    problems,
)
from analysis.specification import model as specified
from analysis.specification.expressions import parse_expression
from analysis.specification.formula import parse_formula
from analysis.specification.plan import read_plan
from tests.analysis.answered import PLAN, make_answered_wave
from tests.analysis.plans_of_estimators import CASES, firms

ROOT = Path(__file__).resolve().parents[2]
PLAN_PAGE = (ROOT / "docs/reference/plan-format.md").read_text()
MEASURES_PAGE = (ROOT / "docs/reference/measures.md").read_text()
ESTIMATORS_PAGE = (ROOT / "docs/reference/estimators.md").read_text()
CONSTRUCTS = (ROOT / "surveys/questionnaire/constructs.py").read_text()
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
        ("The design", plan_parts.DESIGN_KEYS),
        ("descriptives", plan_descriptives.DESCRIPTIVE_KEYS),
        ("imputation", plan_descriptives.IMPUTATION_KEYS),
        ("curve", plan_curve.CURVE_KEYS),
        ("theory", plan_theory.THEORY_KEYS),
    ],
)
def test_every_key_of_a_plan_is_documented_and_no_other(heading, keys):
    assert sorted(first_column(section(PLAN_PAGE, heading))) == sorted(keys)


def lines_of(text: str) -> dict[str, list[str]]:
    """The lines of a table by their first cell, each as its cells."""
    return {
        line.split("`")[1]: [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("| `")
    }


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize(
    ("heading", "key", "choices"),
    [
        ("Keys of the plan", "covariance", plan.COVARIANCES),
        ("Keys of the plan", "missing", plan.MISSING),
        ("The design", "lonely", plan_parts.LONELY),
        ("The design", "replicates", plan_parts.REPLICATES),
        ("descriptives", "statistic", tuple(STATISTICS)),
        ("descriptives", "covariance", plan_descriptives.COVARIANCES),
        ("curve", "effect", plan_curve.EFFECTS),
        ("theory", "theme", tuple(plan_theory.THEMES)),
    ],
)
def test_every_choice_is_documented_and_no_other(heading, key, choices):
    meaning = lines_of(section(PLAN_PAGE, heading))[key][1]

    assert words(meaning) == list(choices)


def test_every_interval_of_a_statistic_is_documented_and_no_other():
    meaning = lines_of(section(PLAN_PAGE, "descriptives"))["interval"][1]

    told = [words(part) for part in meaning.split(";")]

    assert {statistic: tuple(known) for statistic, *known in told} == plan_descriptives.INTERVALS


@pytest.mark.parametrize(
    ("heading", "key", "default"),
    [
        ("The design", "count", "200"),
        ("The design", "seed", "1"),
        ("imputation", "count", "20"),
        ("imputation", "iterations", "10"),
        ("imputation", "seed", "1"),
    ],
)
def test_what_is_taken_for_a_number_that_is_left_out_is_documented(heading, key, default):
    read = read_plan("title: T\nimputation: {variables: [a]}\nmodels: [{outcome: a, formula: b}]\n")
    taken = read.specifications[0].design if heading == "The design" else read.imputation

    assert lines_of(section(PLAN_PAGE, heading))[key][2] == default == str(getattr(taken, key))


def test_every_kind_of_role_is_documented_and_no_other():
    kinds = re.findall(r"^\| (\w+) \|", section(PLAN_PAGE, "with"), flags=re.MULTILINE)

    assert sorted(kinds) == sorted(get_args(Role.__annotations__["kind"]))


def test_every_test_of_the_page_can_be_asked():
    written = [
        entry.strip("`")
        for line in section(PLAN_PAGE, "tests").splitlines()
        if line.startswith("| `")
        for entry in re.findall(r"`[^`]+`", line.split("|")[1])
    ]
    terms = "{name: M, outcome: y, formula: a + b + a^2}"

    read = read_plan(
        f"title: T\nmodels:\n  - {terms[:-1]}, tests: [{', '.join(map(quoted, written))}]}}\n"
    )

    asked = read.specifications[0].tests
    assert len(asked) == len(written)
    assert {each.kind for each in asked} == set(plan_parts.TEST_KINDS)


def quoted(entry: str) -> str:
    return entry if entry.startswith("{") else f"'{entry}'"


def test_every_hypothesis_of_the_page_is_one_that_models_understand():
    hypotheses = [
        entry
        for line in section(PLAN_PAGE, "tests").splitlines()
        if line.startswith("| `")
        for entry in words(line.split("|")[1])
        if not entry.startswith("{")
    ]
    asked = [re.sub(r"\bb\b", "exports", re.sub(r"\ba\b", "size", each)) for each in hypotheses]
    model = CASES["linear"].model("linear") | {"tests": asked}

    results = pipeline.run(firms(), read_plan(yaml.safe_dump({"title": "T", "models": [model]})))

    tests = results.estimates_document["models"][0]["tests"]
    assert [test["asked"] for test in tests] == asked


EXAMPLES = re.findall(r"```yaml\n(.*?)```", PLAN_PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_every_example_of_the_page_is_a_plan(text):
    read = read_plan(text)

    assert read.specifications or read.descriptives or read.curve


def test_examples_speak_of_what_a_wave_may_hold():
    constructs = set(re.findall(r'Construct\(\s*"([^"]+)"', CONSTRUCTS))
    measures = {entry.name.partition("<")[0].rstrip(".") for entry in CATALOGUE}
    for text in EXAMPLES:
        read = read_plan(text)
        defined = {name for name, _ in read.definitions}
        for specification in read.specifications:
            for name in (specification.outcome, *specification.formula.variables):
                of_a_wave = re.sub(r"^(?:lag|lead|change|first)\((.*)\)$", r"\1", name)
                plain = of_a_wave.partition("[")[0]
                known = plain in defined | constructs | measures
                assert known or plain.partition(".")[0] in measures, name


def test_every_estimator_is_documented_as_the_registry_has_it_and_no_other():
    told = lines_of(section(ESTIMATORS_PAGE, "All estimators"))

    assert list(told) == list(ESTIMATORS)
    for name, each in ESTIMATORS.items():
        _, title, about, covariances, _ = told[name]
        assert (title, about) == (each.title, each.about.rstrip("."))
        assert words(covariances) == [
            known for known in get_args(Covariance) if known in each.covariances
        ]


def test_the_page_of_methods_of_an_estimator_speaks_of_it():
    for name, cells in lines_of(section(ESTIMATORS_PAGE, "All estimators")).items():
        (path,) = re.findall(r"\]\((.+?)\)", cells[-1])
        page = (ROOT / "docs/reference" / path).resolve()
        assert page.exists(), page
        # The page that all models share explains the commonest; others it need not name.
        assert page.name == "estimators.md" or f"`{name}`" in page.read_text(), name


def test_every_role_is_documented_as_the_registry_has_it_and_no_other():
    told = [
        (*words(line)[:2], *[cell.strip() for cell in line.split("|")[3:-1]])
        for line in section(ESTIMATORS_PAGE, "Roles").splitlines()
        if line.startswith("| `")
    ]

    assert told == [
        (name, role.name, role.kind, "yes" if role.is_needed else "no", role.about.rstrip("."))
        for name, each in ESTIMATORS.items()
        for role in each.roles
    ]


def test_every_role_of_all_estimators_is_documented_and_no_other():
    told = lines_of(section(ESTIMATORS_PAGE, "Roles of all estimators"))

    assert {name: tuple(cells[1:]) for name, cells in told.items()} == {
        role.name: (role.kind, role.about) for role in SHARED_ROLES
    }


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
        plan_descriptives.MOST_DESCRIPTIVES,
        plan_parts.MOST_TESTS,
        plan_parts.MOST_REPLICATES,
        specified.MOST_SPECIFICATIONS,
        specified.MOST_PERMUTED,
    ]


def test_every_code_that_reading_a_plan_can_bring_is_documented_and_no_other():
    # These change a text for its editor; reading it does not come to them.
    editing = {"plan_edit.py", "plan_targets.py"}
    paths = sorted((ROOT / "analysis/specification").glob("*.py"))
    sources = [path.read_text() for path in paths if path.name not in editing]
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


def test_every_measure_is_documented_as_the_catalogue_has_it_and_no_other():
    documented = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in MEASURES_PAGE.splitlines()
        if line.startswith("| `")
    ]

    assert documented == [codebook_cells(entry) for entry in (*CATALOGUE, *OVER_WAVES)]


@pytest.fixture
def estimates(db):
    wave = make_answered_wave()
    return pipeline.run(extracts.dataset(wave), read_plan(PLAN)).estimates_document


@pytest.fixture(scope="module")
def described():
    model = CASES["tobit"].model("tobit", tests=["size = 0"])
    table = {"statistic": "cross_tabulation", "outcome": "way", "other": "sector"}
    plan_text = yaml.safe_dump({"title": "T", "models": [model], "descriptives": [table]})
    return pipeline.run(firms(), read_plan(plan_text)).estimates_document


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


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("A term or a marginal effect", lambda document: document["models"][0]["derived"][0]),
        ("A test", lambda document: document["models"][0]["tests"][0]),
        ("A description", lambda document: document["descriptives"][0]),
        (
            "An estimate of a description",
            lambda document: document["descriptives"][0]["terms"][0],
        ),
    ],
)
def test_every_key_of_tests_and_descriptions_is_documented_in_order(heading, part, described):
    assert first_column(section(ESTIMATES_PAGE, heading)) == list(part(described))


def test_the_keys_of_a_test_of_association_are_documented(described):
    meaning = lines_of(section(ESTIMATES_PAGE, "A description"))["tests"][1]

    for test in described["descriptives"][0]["tests"].values():
        assert words(meaning) == list(test)
