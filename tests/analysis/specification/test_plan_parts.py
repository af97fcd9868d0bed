"""`with`, `tests` and `design` of a model: what is read, and every problem with its way out."""

import pytest
import yaml

from analysis.estimation.registry import ESTIMATORS
from analysis.specification.formula import Formula, parse_formula
from analysis.specification.model import Asked, Given
from analysis.specification.plan import read_plan
from analysis.specification.plan_parts import MOST_REPLICATES, MOST_TESTS
from analysis.specification.problems import LONGEST_SHOWN, PlanRefusal
from tests.analysis.plans_of_estimators import CASES

MODEL = "title: T\nmodels:\n  - name: M\n    outcome: y\n    formula: a\n"
PLACE = "model M"


def model(**more):
    entry = {"name": "M", "outcome": "y", "formula": "a", **more}
    return read_plan(yaml.safe_dump({"title": "T", "models": [entry]})).specifications[0]


def written(lines):
    """A model of which some lines are YAML as a person writes it."""
    return read_plan(MODEL + "".join(f"    {line}\n" for line in lines.splitlines()))


def problems(call, *arguments, **more):
    with pytest.raises(PlanRefusal) as caught:
        call(*arguments, **more)
    assert all(each.remedy and each.message for each in caught.value.problems)
    return [(each.where.removeprefix(PLACE), each.code) for each in caught.value.problems]


def given(specification):
    return {each.role: each.value for each in specification.given}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_role_of_every_estimator_is_read_as_what_it_is(name):
    case = CASES[name]

    read = given(model(estimator=name, **{"with": case.given}))

    assert set(read) == set(case.given)
    assert {role: read[role] for role in case.outcomes} == dict(case.outcomes)
    assert {role: read[role] for role in case.labels} == dict(case.labels)
    assert {role: read[role] for role in case.numbers} == dict(case.numbers)
    assert {role: read[role] for role in case.words} == dict(case.words)
    for role, terms in case.matrices.items():
        assert read[role] == parse_formula(" + ".join(terms))


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_role_that_is_needed_and_missing_is_told(name):
    needed = [role.name for role in ESTIMATORS[name].roles if role.is_needed]
    if not needed:
        return

    with pytest.raises(PlanRefusal) as caught:
        model(estimator=name)

    told = [(each.where, each.code) for each in caught.value.problems]
    assert told == [(f"{PLACE} > with", "missing_role")] * len(needed)
    for role, problem in zip(needed, caught.value.problems, strict=True):
        assert f"{name} needs {role}: " in problem.message
        assert problem.remedy == f"Write  with: {{{role}: ...}}."


def test_a_model_may_say_by_what_its_standard_errors_are_clustered():
    read = model(**{"with": {"cluster": "region", "cluster_2": "control.industry"}})

    assert read.given == (Given("cluster", "region"), Given("cluster_2", "control.industry"))


def test_a_role_that_is_not_read_is_told_with_the_one_that_was_meant():
    with pytest.raises(PlanRefusal) as caught:
        model(estimator="tobit", **{"with": {"lowr": 0, "shoes": 1}})

    first, second = caught.value.problems
    assert (first.code, first.remedy) == ("unknown_role", "Did you mean lower?")
    assert second.remedy == "It reads lower, upper, cluster, cluster_2."


@pytest.mark.parametrize(
    ("estimator", "lines", "role", "value"),
    [
        ("fixed_effects", "wave_effects: yes", "wave_effects", "yes"),
        ("fixed_effects", "wave_effects: no", "wave_effects", "no"),
        ("multinomial_logit", "base: 2", "base", "2"),
        ("multinomial_logit", "base: 2.0", "base", "2"),
        ("ordered_logit", "levels: [1, 2, 3]", "levels", "1, 2, 3"),
        ("ordered_logit", "levels: '1, 2, 3'", "levels", "1, 2, 3"),
        ("tobit", "lower: 0", "lower", 0.0),
        ("tobit", "lower: -1.5e3", "lower", -1500.0),
        ("hurdle_poisson", "participation: 1", "participation", Formula(())),
        ("poisson", "exposure: 'networking.cooperation[ a, b ]'", "exposure", None),
    ],
)
def test_what_yaml_makes_of_a_word_is_taken_as_it_was_written(estimator, lines, role, value):
    needed = "unit: f, wave: t, " if estimator == "fixed_effects" else ""
    read = written(f"estimator: {estimator}\nwith: {{{needed}{lines}}}")

    found = given(read.specifications[0])[role]

    assert found == (value if value is not None else "networking.cooperation[a,b]")


@pytest.mark.parametrize(
    ("estimator", "lines", "code"),
    [
        ("tobit", "lower: nought", "wrong_shape"),
        ("tobit", "lower: yes", "wrong_shape"),
        ("tobit", "lower: null", "wrong_shape"),
        ("tobit", "lower: .nan", "wrong_shape"),
        ("tobit", "lower: .inf", "wrong_shape"),
        ("tobit", "lower: [0, 1]", "wrong_shape"),
        ("tobit", f"lower: 1{'0' * 400}", "wrong_shape"),
        ("poisson", "exposure: yes", "wrong_shape"),
        ("poisson", "exposure: null", "wrong_shape"),
        ("poisson", "exposure: ''", "wrong_shape"),
        ("poisson", "exposure: [a, b]", "wrong_shape"),
        ("poisson", "exposure: {a: b}", "wrong_shape"),
        ("poisson", "exposure: 2021-01-01", "wrong_shape"),
        ("poisson", f"exposure: {'a' * 5000}", "too_long"),
        ("ordered_logit", "levels: {1: 2}", "wrong_shape"),
        ("ordered_logit", "levels: [1, [a, {b: c}]]", "wrong_shape"),
        ("ordered_logit", "levels: []", "wrong_shape"),
        ("ordered_logit", "levels: null", "wrong_shape"),
        ("hurdle_poisson", "participation: a +", "cannot_read"),
        ("hurdle_poisson", "participation: sqrt(a)", "unknown_function"),
        ("hurdle_poisson", "participation: a^9", "bad_power"),
        ("hurdle_poisson", "participation: yes", "wrong_shape"),
        ("hurdle_poisson", "participation: [a, b]", "wrong_shape"),
        ("hurdle_poisson", f"participation: {'a + ' * 3000}a", "too_long"),
        ("logit", "cluster: [a, b]", "wrong_shape"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_at_its_role(estimator, lines, code):
    role = lines.partition(":")[0]

    told = problems(written, f"estimator: {estimator}\nwith: {{{lines}}}")

    assert told == [(f" > with > {role}", code)]


@pytest.mark.parametrize("value", ["[a]", "a", "5", "yes"])
def test_with_that_is_no_mapping_is_told(value):
    assert problems(written, f"estimator: tobit\nwith: {value}") == [("", "wrong_shape")]


@pytest.mark.parametrize("key", ["1", "null", "yes", "2021-01-01"])
def test_a_role_that_yaml_reads_as_something_else_is_told_and_not_thrown(key):
    told = problems(written, f"estimator: tobit\nwith: {{{key}: a}}")

    assert told == [(" > with", "unknown_role")]


def test_nothing_given_to_an_estimator_that_needs_nothing_is_nothing():
    assert written("with:").specifications[0].given == ()


def test_a_ladder_gives_the_same_to_each_of_its_steps():
    plan = read_plan(
        "title: T\nladder:\n  outcome: y\n  estimator: tobit\n  with: {lower: 0}\n"
        "  tests: [a = 0]\n  steps: [{name: A, add: a}, {name: B, add: b}]\n"
    )

    assert {each.given for each in plan.specifications} == {(Given("lower", 0.0),)}
    assert {each.tests for each in plan.specifications} == {(Asked("hypothesis", ("a = 0",)),)}


def test_hypotheses_and_shapes_are_read():
    read = written('tests: ["a = b", "a > b", {u_shape: "networking.x[ a, b ]"}]')

    assert read.specifications[0].tests == (
        Asked("hypothesis", ("a = b",)),
        Asked("hypothesis", ("a > b",)),
        Asked("u_shape", ("networking.x[a,b]",)),
    )


@pytest.mark.parametrize(
    "entry",
    ["5", "yes", "null", "[a = b]", "{u_shape: yes}", "{u_shape: [a]}", "{u_shape: ''}",
     "{shape: a}", "{u_shape: a, of: b}", "''", f"'{'a' * 5000}'", "{}", "{1: a}"],
)  # fmt: skip
def test_what_is_no_test_is_told(entry):
    assert problems(written, f"tests: [{entry}]") == [(" > tests", "wrong_shape")]


@pytest.mark.parametrize("value", ["a = b", "{u_shape: a}", "yes", "7"])
def test_tests_that_are_no_list_are_told(value):
    assert problems(written, f"tests: {value}") == [("", "wrong_shape")]


def test_more_tests_than_a_note_can_hold_are_told():
    assert problems(model, tests=["a = b"] * (MOST_TESTS + 1)) == [("", "wrong_shape")]
    assert len(model(tests=["a = b"] * MOST_TESTS).tests) == MOST_TESTS


def test_a_long_value_is_not_told_in_full():
    with pytest.raises(PlanRefusal) as caught:
        model(tests=["x" * 50_000])

    assert len(caught.value.problems[0].message) < 2 * LONGEST_SHOWN


@pytest.mark.parametrize(
    ("lines", "where", "code"),
    [
        ("design: {lonely: alone}", " > design", "unknown_choice"),
        ("design: {lonely: [refuse]}", " > design", "unknown_choice"),
        ("design: {lonely: null}", " > design", "unknown_choice"),
        ("design: {replicates: yes}", " > design", "unknown_choice"),
        ("design: {replicates: {a: b}}", " > design", "unknown_choice"),
        ("design: {weights: no}", " > design", "unknown_choice"),
        ("design: {count: 1}", " > design", "wrong_shape"),
        ("design: {count: 20.0}", " > design", "wrong_shape"),
        ("design: {count: yes}", " > design", "wrong_shape"),
        ("design: {count: null}", " > design", "wrong_shape"),
        (f"design: {{count: {MOST_REPLICATES + 1}}}", " > design", "wrong_shape"),
        ("design: {seed: 0}", " > design", "wrong_shape"),
        ("design: {seed: 1e3}", " > design", "wrong_shape"),
        ("design: {seeds: 1}", " > design", "unknown_key"),
        ("design: [weights]", "", "wrong_shape"),
        ("design: yes", "", "wrong_shape"),
        ("design: null", "", "wrong_shape"),
    ],
)
def test_a_design_that_cannot_be_read_is_told(lines, where, code):
    assert problems(written, lines) == [(where, code)]


def test_what_a_person_wrote_is_told_as_it_was_written():
    with pytest.raises(PlanRefusal) as caught:
        written("design: {weights: no}")

    assert caught.value.problems[0].message == "weights is no."
    assert caught.value.problems[0].remedy == "Write design or none or longitudinal."


def test_replicates_have_a_method_a_count_and_a_seed():
    read = written(
        "covariance: replicate\n"
        "design: {replicates: Rao-Wu, count: 500, seed: 20261121, lonely: average}"
    )

    design = read.specifications[0].design
    assert (design.replicates, design.count, design.seed) == ("Rao-Wu", 500, 20261121)
    assert design.lonely == "average"


def test_standard_errors_from_replicates_without_replicates_are_told_before_anything_runs():
    assert problems(model, covariance="replicate") == [("", "no_replicates")]


def test_a_covariance_that_the_estimator_does_not_have_is_told_before_anything_runs():
    with pytest.raises(PlanRefusal) as caught:
        model(estimator="negative_binomial", covariance="HC3")

    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == (PLACE, "covariance_not_defined")
    assert problem.message == "HC3 standard errors are not defined for negative_binomial."
    assert problem.remedy == "Choose one of HC0, HC1, cluster, design, model, replicate."
