"""Checks and rules from the command line; what renders refuses what is not released."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis import actions
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.models import OutputCheck, Run
from surveys.models import Membership, User
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import NOON, make_member, make_user

pytestmark = pytest.mark.django_db
REVIEW = Finding("Size", "one_outcome", WHY["one_outcome"], "review")


@pytest.fixture
def run() -> Run:
    version = make_plan_version(make_answered_wave())
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    assert actions.carry_out(run_id=run.pk)
    return Run.objects.get(pk=run.pk)


@pytest.fixture
def held(run: Run) -> Run:
    actions.output_checks.keep_check(run, [REVIEW], DisclosurePolicy())
    return run


@pytest.fixture
def carl(run: Run) -> User:
    user = make_user("carl")
    make_member(user, run.plan_version.plan.wave.survey, Membership.Role.ANALYST)
    return user


def told(command, *arguments, **options) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def test_what_waits_is_listed_with_its_findings_and_decided(held, carl):
    (listed,) = json.loads(told("list_output_checks", "knowledge", "--json"))
    assert listed["run"] == str(held.pk)
    assert listed["findings"] == [REVIEW.document()]
    assert not listed["released"]
    assert str(held.pk) in told("list_output_checks", "knowledge")

    decided = json.loads(
        told("decide_output_check", str(held.pk)[:8], "approve", by="carl", reason="Known.",
             json=True)
    )  # fmt: skip

    assert (decided["decision"], decided["decided_by"], decided["released"]) == (
        "approved", "carl", True,
    )  # fmt: skip
    assert json.loads(told("list_output_checks", "knowledge", "--json")) == []
    assert len(json.loads(told("list_output_checks", "knowledge", "--all", "--json"))) == 1


def test_the_rules_of_the_page_hold_for_the_command(held, carl):
    make_user("vera")
    for by, reason, words in (
        ("carl", "", "no reason"), ("vera", "x", "does not cover"), ("nobody", "x", "no account"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=words):
            told("decide_output_check", str(held.pk), "approve", by=by, reason=reason)
    assert not actions.is_released(held)


@pytest.mark.parametrize(
    ("command", "options"),
    [("render_table", {"format": "csv"}), ("render_table", {"format": "reading"}),
     ("render_figure", {})],
)  # fmt: skip
def test_nothing_is_rendered_of_a_run_that_is_not_released(held, command, options):
    with pytest.raises(CommandError, match="not released"):
        told(command, str(held.pk), **options)

    assert told(command, str(held.pk), unreleased=True, **options)


def test_rules_are_set_and_shown_with_who_changed_what(run):
    told("output_policy", "knowledge", "--set", "least_firms=12", "--set", "dominance=2:80")
    told("output_policy", "knowledge", "--wave", "2025", "--set", "second_person=yes")

    survey = json.loads(told("output_policy", "knowledge", "--json"))
    wave = json.loads(told("output_policy", "knowledge", "--wave", "2025", "--json"))

    assert survey["rules"]["least_firms"] == 12
    assert survey["rules"]["dominance"] == [[2, 80.0]]
    assert not survey["rules"]["second_person"]
    assert survey["changes"][0]["from"] == {}
    assert survey["changes"][0]["to"] == {"least_firms": 12, "dominance": [[2, 80.0]]}
    assert wave["rules"]["least_firms"] == 12
    assert wave["rules"]["second_person"]
    assert "least_firms" in told("output_policy", "knowledge")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "no survey"),
        (["knowledge", "--wave", "1900"], "no wave"),
        (["knowledge", "--set", "least_firms"], "no rule with a value"),
        (["knowledge", "--set", "least_firms=2"], "3 or more"),
        (["knowledge", "--wave", "2025", "--set", "least_firms=4"], "protect firms less"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(run, arguments, words):
    with pytest.raises(CommandError, match=words):
        told("output_policy", *arguments)


def test_a_plan_run_in_the_foreground_writes_nothing_that_needs_a_second_person(run, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    told("output_policy", "knowledge", "--set", "second_person=yes")
    asked = {"survey": "knowledge", "wave": "2025", "out": tmp_path / "out"}

    with pytest.raises(CommandError, match="second person"):
        told("run_plan", str(plan), **asked)
    assert not (tmp_path / "out").exists()

    told("run_plan", str(plan), **asked, unreleased=True)
    assert (tmp_path / "out" / "table.csv").exists()
    assert OutputCheck.objects.count() == 1
