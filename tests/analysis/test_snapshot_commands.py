"""Commands that list, make, check and delete snapshots."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analysis import actions
from analysis.models import Run, Snapshot
from tests.analysis.answered import make_answered_wave, make_plan_version
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    local = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path)},
    }
    settings.STORAGES = settings.STORAGES | {"snapshots": local}
    return tmp_path


@pytest.fixture
def run() -> Run:
    version = make_plan_version(make_answered_wave())
    return actions.request(plan_version=version, by=None, at=NOON)[0]


def told(command: str, *options: str) -> Any:
    out = StringIO()
    call_command(command, *options, "--json", stdout=out)
    return json.loads(out.getvalue())


NAMED = ("--survey", "knowledge", "--wave", "2025")


def test_a_snapshot_is_made_once_and_listed(run: Run) -> None:
    Snapshot.objects.all().delete()

    first, second = told("make_snapshot", *NAMED), told("make_snapshot", *NAMED)

    assert (first["is_new"], second["is_new"]) == (True, False)
    (listed,) = told("list_snapshots", *NAMED)
    assert listed["fingerprint"] == first["fingerprint"] == run.extract_fingerprint
    assert (listed["survey"], listed["wave"], listed["rows"]) == ("knowledge", "2025", 40)
    assert listed["is_waited_for"] is True


def test_people_read_lines(run: Run) -> None:
    out = StringIO()
    call_command("list_snapshots", stdout=out)

    assert "knowledge/2025" in out.getvalue()
    assert "a run waits for it" in out.getvalue()
    assert "1 in all" in out.getvalue()


def test_a_whole_snapshot_passes_the_check_and_a_damaged_one_does_not(
    run: Run, folder: Path
) -> None:
    (checked,) = told("check_snapshots")
    assert checked["problem"] is None
    (path,) = folder.rglob("*.zip")
    path.write_bytes(path.read_bytes()[:-50])

    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 snapshots cannot be used"):
        call_command("check_snapshots", "--json", stdout=out)
    (checked,) = json.loads(out.getvalue())
    assert checked["problem"]["code"] == "snapshot_damaged"


def test_a_snapshot_that_is_gone_fails_the_check(run: Run, folder: Path) -> None:
    (path,) = folder.rglob("*.zip")
    path.unlink()

    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_snapshots", stdout=out)
    assert "no longer in the storage" in out.getvalue()


def test_old_snapshots_go_unless_a_run_waits_for_them(
    run: Run, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert told("delete_snapshots", "--older-than", "0") == []
    actions.carry_out(run_id=run.pk)
    Snapshot.objects.update(made_at=NOON)

    with django_capture_on_commit_callbacks(execute=True):
        assert told("delete_snapshots", "--older-than", "99999") == []
        (deleted,) = told("delete_snapshots", *NAMED, "--older-than", "0")

    assert deleted["fingerprint"] == run.extract_fingerprint
    assert not Snapshot.objects.exists()
    assert list(folder.rglob("*.zip")) == []
    assert Run.objects.get().state == Run.State.DONE


def test_a_half_that_a_killed_writer_left_goes_after_a_day(folder: Path) -> None:
    fresh, old = folder / ".a.zip.1.making", folder / ".b.zip.2.making"
    for each in (fresh, old):
        each.write_bytes(b"half")
    os.utime(old, (0, 0))

    told("delete_snapshots", "--older-than", "30")

    assert (fresh.exists(), old.exists()) == (True, False)


@pytest.mark.parametrize("days", ["-1", "soon", "1.5"])
def test_an_age_that_is_none_is_refused(days: str) -> None:
    with pytest.raises(CommandError, match="whole number of days"):
        call_command("delete_snapshots", f"--older-than={days}")


def test_a_wave_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandError, match="no wave"):
        call_command("make_snapshot", *NAMED)
    with pytest.raises(CommandError, match="Name the survey"):
        call_command("list_snapshots", "--wave", "2025")
