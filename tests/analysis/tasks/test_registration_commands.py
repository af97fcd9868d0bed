"""Registrations, comparisons and provenance without a browser."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from analysis import actions
from analysis.models import Registration, Run
from surveys.models import Wave
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import make_user


def told(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def where(wave: Wave) -> list[str]:
    return ["--survey", wave.survey.slug, "--wave", wave.slug]


@pytest.fixture
def wave(db: None) -> Wave:
    wave = make_answered_wave()
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.OPEN)
    make_plan_version(wave)
    make_user("ada")
    return wave


def carried_out(wave: Wave, source: str = PLAN) -> Run:
    version = make_plan_version(wave, source)
    run, _ = actions.request(plan_version=version, by=None, at=timezone.now())
    assert actions.carry_out(run_id=run.pk)
    return run


def test_a_plan_is_registered_listed_and_checked(wave: Wave, tmp_path: Path):
    file = tmp_path / "certificate.txt"

    made = json.loads(
        told(
            "register_plan",
            "size",
            *where(wave),
            "--by",
            "ada",
            "--certificate",
            str(file),
            "--json",
        )
    )
    listed = json.loads(told("list_registrations", *where(wave), "--json"))
    checked = json.loads(told("check_registration", str(file), "--json"))

    assert (made["is_new"], made["number"]) == (True, 1)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["sha256"]
    assert [each["sha256"] for each in listed] == [made["sha256"]]
    assert (checked["agrees"], checked["text_is_intact"]) == (True, True)
    assert made["sha256"] in told("list_registrations", *where(wave))


def test_a_file_that_was_changed_does_not_agree(wave: Wave, tmp_path: Path):
    file = tmp_path / "certificate.txt"
    told("register_plan", "size", *where(wave), "--certificate", str(file))
    file.write_text(file.read_text().replace("logit", "probit"))

    with pytest.raises(CommandError, match="not the one that was registered"):
        told("check_registration", str(file))
    with pytest.raises(CommandError, match="it is not 00"):
        told("check_registration", str(file), "--sha256", "00")


def test_a_closed_wave_is_refused_with_its_reason(wave: Wave):
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED)

    with pytest.raises(CommandError, match="The wave is closed"):
        told("register_plan", "size", *where(wave))
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "no plan 'nothing'"),
        (["size", "--number", "7"], "no plan 'size' in version 7"),
        (["size", "--by", "nobody"], "There is no user 'nobody'"),
    ],
)
def test_what_is_not_there_is_said(wave: Wave, words: list[str], message: str):
    with pytest.raises(CommandError, match=message):
        told("register_plan", *words, *where(wave))


def test_two_runs_are_compared(wave: Wave, tmp_path: Path):
    one = carried_out(wave)
    other = carried_out(wave, PLAN.replace("HC1", "HC3"))
    file = tmp_path / "numbers.csv"

    document = json.loads(told("compare_runs", str(one.pk), str(other.pk), "--json"))
    told("compare_runs", str(one.pk), str(other.pk), "--csv", str(file))

    assert document["same"] == {"wave": True, "data": True, "plan": False, "code": True}
    assert document["specifications"]["changed"] == ["Size"]
    size = next(n for n in document["numbers"][0]["numbers"] if n["term"] == "ln_employment")
    assert size["first"] == size["second"]
    assert size["first_error"] < size["second_error"]
    assert "ln_employment" in file.read_text(encoding="utf-8-sig")
    assert "Plan: changed" in told("compare_runs", str(one.pk), str(other.pk))


def test_a_table_from_the_command_has_its_groups_apart(wave: Wave):
    told("register_plan", "size", *where(wave))
    run = carried_out(wave)

    assert "Registered: (1) Size." in told("render_table", str(run.pk), "--format", "csv")


def test_provenance_is_printed_as_prov_json(wave: Wave):
    run = carried_out(wave)

    document = json.loads(told("run_provenance", str(run.pk)))

    assert f"milieu:run:{run.pk}" in document["activity"]
