"""run_plan, check_plan and load_plans, as a script uses them."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.estimation.registry import ESTIMATORS
from analysis.models import PlanVersion
from analysis.specification.plan import read_plan
from tests.analysis.answered import PLAN, make_answered_wave

WAVE = ("--survey", "knowledge", "--wave", "2025")
SHIPPED = Path(__file__).resolve().parents[2] / "analysis/plans"
TABLES = {"table.csv", "table.docx", "table.html", "table.tex", "table.xlsx"}


@pytest.fixture
def wave(db):
    return make_answered_wave()


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return path


def said(command, *arguments):
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return json.loads(out.getvalue())


def refused(command, *arguments):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(command, *map(str, arguments), stdout=out)
    return str(caught.value), out.getvalue()


def test_a_run_in_the_foreground_writes_every_format_and_the_estimates(wave, plan, tmp_path):
    out = tmp_path / "deep" / "out"

    files = set(said("run_plan", plan, *WAVE, "--out", out)["files"])

    assert files == {path.name for path in out.iterdir()}
    assert files >= TABLES | {"estimates.json"}
    assert (out / "table.tex").read_text().count(r"\toprule") == 1
    assert zipfile.is_zipfile(out / "table.docx")
    assert zipfile.is_zipfile(out / "table.xlsx")
    model = json.loads((out / "estimates.json").read_text())["models"][0]
    assert (model["name"], model["n"]) == ("Size", 40)


def test_progress_goes_to_standard_error(wave, plan, tmp_path, capsys):
    said("run_plan", plan, *WAVE, "--out", tmp_path / "out")

    assert "0/1 Estimating Size" in capsys.readouterr().err


def test_the_same_plan_on_the_same_data_has_the_same_fingerprint_and_numbers(wave, plan, tmp_path):
    for name in ("one", "two"):
        said("run_plan", plan, *WAVE, "--out", tmp_path / name)

    one, two = (
        json.loads((tmp_path / name / "estimates.json").read_text()) for name in ("one", "two")
    )
    assert one == two


def test_stars_are_off_unless_asked_for(wave, plan, tmp_path):
    said("run_plan", plan, *WAVE, "--out", tmp_path / "plain")
    said("run_plan", plan, *WAVE, "--out", tmp_path / "starred", "--stars")

    assert "*" not in (tmp_path / "plain/table.csv").read_text()
    assert "*" in (tmp_path / "starred/table.csv").read_text()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("formula: ln_employment", "formula: depth.global", "made of sourcing.importance"),
        ("formula: ln_employment", "formula: __import__('os')", "“__import__” at character 1"),
        ("estimator: logit", "estimator: logits", "Choose one of linear, logit, probit, "),
        ("title:", "tilte:", "Did you mean title?"),
        ("covariance: HC1", "covariance: HC1: yes", "cannot be read at line"),
    ],
)
def test_a_refusal_is_a_sentence_and_leaves_no_file(wave, plan, tmp_path, old, new, says):
    plan.write_text(PLAN.replace(old, new))

    message, printed = refused("run_plan", plan, *WAVE, "--out", tmp_path / "out")

    assert (says in message, printed) == (True, ""), message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run_plan", "check_plan"])
def test_a_plan_that_is_not_there_or_not_text_is_told(wave, tmp_path, command):
    out = ("--out", tmp_path / "out") if command == "run_plan" else ()
    (tmp_path / "latin.yaml").write_bytes(b"title: \xe9t\xe9")

    for name in ("none.yaml", "latin.yaml"):
        message, _ = refused(command, tmp_path / name, *WAVE, *out)
        assert message.startswith(f"The plan {tmp_path / name} cannot be read: ")


@pytest.mark.parametrize("command", ["run_plan", "check_plan", "load_plans"])
def test_a_wave_that_is_not_there_is_told(wave, plan, tmp_path, command):
    out = ("--out", tmp_path / "out") if command == "run_plan" else ()

    message, _ = refused(command, plan, "--survey", "knowledge", "--wave", "1999", *out)

    assert message == "There is no wave '1999' in a survey 'knowledge'."


def test_a_plan_is_checked_by_itself(plan):
    assert said("check_plan", plan) == {
        "usable": True,
        "fingerprint": read_plan(PLAN).fingerprint,
        "models": [{"name": "Size", "formula": "innovation.product[good] ~ ln_employment"}],
        "estimations": {
            "models": 1,
            "replicates": 0,
            "curve": 0,
            "curve_permuted": 0,
            "descriptives": 0,
        },
        "problems": [],
    }


def test_a_plan_is_checked_against_a_wave(wave, plan):
    plan.write_text(PLAN.replace("ln_employment", "ln_employment + depth + breadth"))

    message, printed = refused("check_plan", plan, *WAVE)

    assert message == "The plan has 2 problems."
    assert [problem["code"] for problem in json.loads(printed)["problems"]] == ["unknown_term"] * 2


def test_a_text_that_is_no_plan_is_a_problem_too(plan):
    plan.write_text("a: &a [*a]")

    message, printed = refused("check_plan", plan)

    assert message == "The plan has 1 problem."
    assert json.loads(printed)["problems"][0]["code"] == "not_yaml"


def test_half_of_the_name_of_a_wave_is_not_enough(plan):
    message, _ = refused("check_plan", plan, "--survey", "knowledge")

    assert message == "Give both --survey and --wave, or neither."


def test_shipped_plans_are_written_into_a_wave_once(wave):
    first = said("load_plans", "ec_acti", "local_national_global", *WAVE)
    again = said("load_plans", "ec_acti", *WAVE)

    assert [each["plan"] for each in first] == ["ec-acti", "local-national-global"]
    assert again == first[:1]
    assert PlanVersion.objects.count() == 2


def test_a_plan_of_that_name_that_is_not_shipped_is_told(wave):
    message, _ = refused("load_plans", "nonsense", *WAVE)

    assert message == "There is no plan 'nonsense'. Give a file or a shipped name."


def test_estimators_are_told_to_programs_with_roles_and_covariances():
    told = said("estimators")

    names = [each["name"] for each in told["estimators"]]
    tobit = told["estimators"][names.index("tobit")]
    assert names == list(ESTIMATORS)
    assert tobit["covariances"] == ["model", "HC0", "HC1", "cluster", "design", "replicate"]
    assert [(role["name"], role["kind"], role["is_needed"]) for role in tobit["roles"]] == [
        ("lower", "number", False),
        ("upper", "number", False),
    ]
    assert [role["name"] for role in told["roles_of_all"]] == ["cluster", "cluster_2"]


def test_estimators_are_told_to_people_as_a_table():
    out = io.StringIO()
    call_command("estimators", "--format", "table", stdout=out)

    heading, *lines = out.getvalue().splitlines()
    assert heading.split() == ["estimator", "needs", "reads", "covariances"]
    assert [line.split()[0] for line in lines] == list(ESTIMATORS)
    heckman = next(line for line in lines if line.startswith("heckman "))
    assert re.split(r"  +", heckman)[1:3] == ["selected, selection", "-"]
