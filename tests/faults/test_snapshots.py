"""The data of runs where the storage is full, the wave moves on, or the worker is killed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.actions import snapshots as keeping
from analysis.actions.requests import UNSETTLED
from analysis.models import Run, Snapshot
from surveys.models import Response, Wave
from tests.faults.place import (
    LEASE_SECONDS,
    Place,
    eventually,
    is_done,
    kill,
    many_models,
    request,
    reread,
)

pytestmark = pytest.mark.slow
SHORT = many_models(1, replicates=20)


@pytest.fixture
def folder(place: Place, settings: Any) -> Path:
    """The storage of the place's workers, for this process too."""
    where = place.folder / "snapshots"
    where.mkdir()
    local = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(where)},
    }
    settings.STORAGES = settings.STORAGES | {"snapshots": local}
    return where


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own on which a snapshot of the wave finds no room."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8k", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("this user may mount no disk; a limit on files stands in for it elsewhere")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_run_whose_data_find_no_room_says_so_waits_and_goes_on(
    place: Place, wave: Wave, small_disk: Path
) -> None:
    run = request(SHORT, wave)
    assert run.fingerprint == UNSETTLED
    place.start_worker()
    place.announce(run)

    eventually(lambda: (reread(run).failure or {}).get("code") == "storage_full", "it is told")
    waiting = reread(run)
    assert (waiting.state, waiting.attempts) == (Run.State.REQUESTED, 0)
    assert "no room" in waiting.failure["message"]
    assert [each for each in small_disk.rglob("*") if each.is_file()] == []

    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    place.announce(run)
    eventually(lambda: is_done(run), "the run is done")
    assert Snapshot.objects.get().fingerprint == reread(run).extract_fingerprint


def test_a_worker_ends_a_run_on_data_that_the_tables_hold_no_more(
    place: Place, wave: Wave, folder: Path
) -> None:
    run = request(SHORT, wave)
    asked_for = run.extract_fingerprint
    Response.objects.filter(case__wave=wave).delete()

    place.start_worker()
    place.announce(run)

    eventually(lambda: is_done(run), "the run is done")
    assert reread(run).estimates["extract_fingerprint"] == asked_for


def test_a_worker_that_is_killed_over_the_data_leaves_them_to_another(
    place: Place, wave: Wave, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "QUICK_FIRMS", 0)
    run = request(SHORT, wave)
    assert run.fingerprint == UNSETTLED
    worker = place.start_worker()
    place.announce(run)
    eventually(lambda: reread(run).state == Run.State.RUNNING, "a worker is at it")
    kill(worker)
    assert reread(run).fingerprint == UNSETTLED

    place.start_worker()
    place.start_clock()
    eventually(lambda: is_done(run), "the run is done", within=60.0 + LEASE_SECONDS)

    assert reread(run).attempts == 2
    assert Snapshot.objects.get().fingerprint == reread(run).extract_fingerprint
    assert [each.suffix for each in folder.rglob("*") if each.is_file()].count(".zip") == 1


def test_two_runs_of_much_data_at_once_make_one_snapshot(
    place: Place, wave: Wave, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "QUICK_FIRMS", 0)
    runs = [request(SHORT, wave, slug) for slug in ("one", "two")]
    assert {run.fingerprint for run in runs} == {UNSETTLED}
    place.start_worker(concurrency=2)
    for run in runs:
        place.announce(run)

    eventually(lambda: all(is_done(run) for run in runs), "both are done")

    assert Snapshot.objects.count() == 1
    assert len({reread(run).extract_fingerprint for run in runs}) == 1
