"""The phone list on the command line: the same as in the browser, in JSON and CSV."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys.actions import contacts
from surveys.fieldwork.protocols import StepPlan
from surveys.models import CorrectedContact, User
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_member,
    make_stratum,
    make_unit,
    make_user,
)
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(survey) -> str:
    wave, today = open_wave(survey), timezone.localdate()
    wave.field_start, wave.field_end = today - timedelta(days=30), today + timedelta(days=30)
    wave.save()
    frame, stratum = make_frame(survey), make_stratum(wave)
    for name in ("F0001", "F0002"):
        make_case(wave, stratum, name, unit=make_unit(frame, name, phone="+47 22 00 00 00"))
    return str(
        contacts.add_step(wave=wave, plan=StepPlan("reminder", "phone"), by=None, at=NOON).pk
    )


@pytest.fixture
def ines(survey) -> User:
    person = make_user("ines")
    make_member(person, survey, "interviewer")
    return person


@pytest.fixture
def run(capsys):
    def told(command: str, *more: str) -> str:
        call_command(command, "--survey", "knowledge", "--wave", "2025", *more)
        return capsys.readouterr().out

    return told


def test_firms_are_listed_shared_out_and_printed(step: str, ines: User, run) -> None:
    told = json.loads(run("phone_list", "--add", step, "--share-out"))

    assert (told["added"], told["shared_out"]) == (2, 2)
    assert [(each["pseudonym"], each["state"]) for each in told["firms"]] == [
        ("F0001", "now"),
        ("F0002", "now"),
    ]
    assert told["callers"][0] | {"caller": "ines", "firms": 2, "calls": 0} == told["callers"][0]
    rows = run("phone_list", "--format", "csv").splitlines()
    assert rows[0].startswith("pseudonym,firm,person,phone")
    assert rows[1].startswith("F0001,Firm F0001,,'+47 22 00 00 00,all,now,0")


def test_firms_are_given_to_an_account(step: str, ines: User, run) -> None:
    run("phone_list", "--add", step)

    told = json.loads(run("phone_list", "--assign", "ines", "--cases", "F0002", "--caller", "ines"))

    assert (told["assigned"], [each["pseudonym"] for each in told["firms"]]) == (1, ["F0002"])


def test_a_call_is_noted_and_what_the_case_counts_as_is_told(step: str, ines: User, run) -> None:
    run("phone_list", "--add", step)

    told = json.loads(run("record_call", "--case", "F0001", "--by", "ines", "--outcome", "refused"))

    assert told == {
        "case": "F0001",
        "outcome": "refused",
        "calls": 1,
        "state": "ended",
        "call_at": None,
        "disposition": "refusal",
        "final_code": "2.111",
    }


def test_a_contact_is_corrected_from_a_file_and_not_repeated(
    step: str, ines: User, run, tmp_path: Path
) -> None:
    run("phone_list", "--add", step)
    file = tmp_path / "contact.json"
    file.write_text(json.dumps({"name": "Kari", "email": "kari@firm.example"}))

    told = run("correct_contact", "--case", "F0001", "--by", "ines", str(file))

    assert json.loads(told)["corrected"] == ["name", "email"]
    assert "kari" not in told.casefold()
    assert CorrectedContact.objects.get().email == "kari@firm.example"


@pytest.mark.parametrize(
    ("command", "more", "words"),
    [
        ("phone_list", ("--add", "999999"), "no step 999999"),
        ("phone_list", ("--assign", "ines"), "--cases"),
        ("phone_list", ("--assign", "nobody", "--cases", "F0001"), "no account “nobody”"),
        ("phone_list", ("--assign", "eve", "--cases", "F0001"), "eve may not call"),
        ("record_call", ("--case", "F9", "--by", "ines", "--outcome", "busy"), "no case “F9”"),
        ("record_call", ("--case", "F0001", "--by", "eve", "--outcome", "busy"), "may not call"),
        (
            "record_call",
            ("--case", "F0001", "--by", "ines", "--outcome", "busy", "--at", "noon"),
            "--at: “noon” is no date and time",
        ),
        (
            "record_call",
            ("--case", "F0001", "--by", "ines", "--outcome", "call_back"),
            "call_back: Give the date and time",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    command: str, more: tuple[str, ...], words: str, step: str, ines: User, eve: User, run
) -> None:
    run("phone_list", "--add", step)

    with pytest.raises(CommandError, match=words):
        run(command, *more)


def test_a_survey_without_interviewers_shares_nothing_out(step: str, run) -> None:
    with pytest.raises(CommandError, match="no interviewer"):
        run("phone_list", "--share-out")


def test_a_contact_that_reaches_nobody_is_refused(
    step: str, ines: User, run, tmp_path: Path
) -> None:
    run("phone_list", "--add", step)
    file = tmp_path / "contact.json"
    for given, words in (
        ({"name": "Kari"}, "Give an e-mail address or a telephone number"),
        ({"name": "Kari", "fax": "1"}, "fax is none of"),
        ({"name": 7}, "name is not text"),
    ):
        file.write_text(json.dumps(given))
        with pytest.raises(CommandError, match=words):
            run("correct_contact", "--case", "F0001", "--by", "ines", str(file))
    assert not CorrectedContact.objects.exists()
