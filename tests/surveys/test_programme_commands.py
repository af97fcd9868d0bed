"""make_survey, describe_survey, make_wave and plan_wave on the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Survey, Wave

PERIODS = ("--reference", "2025", "2027", "--field", "2028-03-01", "2028-04-30")
pytestmark = pytest.mark.django_db


def told(*command: str) -> dict:
    out = StringIO()
    call_command(*command, stdout=out)
    return json.loads(out.getvalue())


def test_a_survey_and_its_waves_are_made_without_the_pages(ada):
    survey = told("make_survey", "--title", "Networks", "--owner", "ada")
    first = told("make_wave", "--survey", "networks", "--title", "First", *PERIODS)
    changed = told(
        "plan_wave", "--survey", "networks", "--wave", "first", "--corrections-until", "2028-06-01"
    )

    assert survey == {"survey": "networks", "title": "Networks", "owner": "ada"}
    assert (first["wave"], first["reference"]) == ("first", [2025, 2027])
    assert changed == first | {"corrections_until": "2028-06-01"}
    assert Wave.objects.get().field_end.isoformat() == "2028-04-30"


def test_what_is_not_given_stays(survey):
    called = ("describe_survey", "--survey", "knowledge", "--contact-phone", "+47 22")

    assert told(*called)["title"] == "Knowledge"
    assert Survey.objects.get().contact_phone == "+47 22"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("make_survey", "--title", "N", "--owner", "nobody"), "no enabled account “nobody”"),
        (("make_survey", "--title", " ", "--owner", "ada"), "a title"),
        (("make_survey", "--title", "Knowledge", "--owner", "ada"), "already"),
        (("make_survey", "--title", "N" * 201, "--owner", "ada"), "more than 200"),
        (
            ("make_survey", "--title", "N", "--owner", "ada", "--contact-email", "a\nb@c.de"),
            "not an e-mail",
        ),
        (("make_wave", "--survey", "knowledge", "--title", "", *PERIODS), "1 to 200"),
        (
            ("make_wave", "--survey", "knowledge", "--title", "N", "--like", "x", *PERIODS),
            "no wave “x”",
        ),
        (("plan_wave", "--survey", "knowledge", "--wave", "x", "--title", "N"), "no wave “x”"),
    ],
)
def test_what_cannot_be_is_said(command, reason, ada):
    with pytest.raises(CommandError, match=reason):
        call_command(*command)

    assert not Wave.objects.exists()
    assert Survey.objects.count() == 1
