"""list_plans and show_plan, and the reference page that they print."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.specification.plan import read_plan
from analysis.views.library import library_plans
from tests.analysis.answered import make_answered_wave

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/plan-library.md"


def said(command, *arguments):
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_the_reference_page_has_the_tables_of_the_library():
    assert PAGE.read_text().endswith(said("list_plans", "--markdown")), (
        "Print the tables anew with: manage.py list_plans --markdown"
    )


def test_the_list_has_every_plan_once():
    listed = json.loads(said("list_plans", "--json"))

    assert [each["name"] for each in listed] == [each.name for each in library_plans()]


@pytest.mark.django_db
def test_on_a_wave_the_list_names_what_lacks():
    make_answered_wave()

    listed = json.loads(said("list_plans", "knowledge", "2025", "--json"))

    lock_in = next(each for each in listed if each["name"] == "lock_in")
    assert not lock_in["carried"]
    assert lock_in["lacking"]["trust.partners"] == "Trust in partners at the scale, 0 to 4"
    assert "lacks" in said("list_plans", "knowledge", "2025")


def test_a_survey_without_a_wave_is_refused():
    with pytest.raises(CommandError, match="both"):
        said("list_plans", "knowledge")


def test_a_plan_is_shown_as_its_text_or_as_what_it_is_for():
    text = said("show_plan", "lock_in")
    document = json.loads(said("show_plan", "lock_in", "--json"))

    assert read_plan(text).fingerprint == document["fingerprint"]
    assert document["theory"]["proposition"]["L12"]
    assert document["models"][1]["tests"] == ["lock_in"]


def test_an_unknown_plan_is_refused_with_what_was_meant():
    with pytest.raises(CommandError, match="Did you mean lock_in"):
        said("show_plan", "lockin")
