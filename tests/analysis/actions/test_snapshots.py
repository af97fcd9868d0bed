"""The data of a wave are put together once, kept whole, and read by the runs on them."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis import actions, extracts, snapshots
from analysis.actions import preparing, snapshot_files
from analysis.actions import snapshots as keeping
from analysis.actions.requests import UNSETTLED
from analysis.models import PlanVersion, Run, Snapshot
from analysis.refusals import Refusal
from surveys.models import Case, Response, Unit, Wave
from tests.analysis.actions.divided_runs import divided, requested
from tests.analysis.answered import make_answered_wave, make_plan_version
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A storage of this test alone."""
    local = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "snapshots"), "file_permissions_mode": 0o600},
    }
    settings.STORAGES = settings.STORAGES | {"snapshots": local}
    preparing._HELD.clear()
    yield tmp_path / "snapshots"
    preparing._HELD.clear()


@pytest.fixture
def wave() -> Wave:
    return make_answered_wave()


@pytest.fixture
def version(wave: Wave) -> PlanVersion:
    return make_plan_version(wave)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wave is one whose data a page does not wait for."""
    monkeypatch.setattr(keeping, "QUICK_FIRMS", 0)


def asked(version: PlanVersion) -> Run:
    return actions.request(plan_version=version, by=None, at=NOON)[0]


def again(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def answer_anew(wave: Wave) -> None:
    """A firm changes what it handed in."""
    response = Response.objects.filter(case__wave=wave).latest("pk")
    response.answers |= {"persons": 9}
    response.revision += 1
    response.save()


def the_file(folder: Path) -> Path:
    (found,) = folder.rglob("*.zip")
    return found


def test_a_snapshot_holds_the_data_of_the_wave_and_tells_what_it_is(wave: Wave, folder: Path):
    made, dataset = actions.make_snapshot(wave=wave, at=NOON)

    assert dataset.fingerprint == made.fingerprint == extracts.dataset(wave).fingerprint
    assert (made.rows, made.columns, made.made_at) == (40, dataset.frame.shape[1], NOON)
    assert made.bytes == the_file(folder).stat().st_size
    assert the_file(folder).stat().st_mode & 0o777 == 0o600
    read = keeping.snapshot_dataset(made.fingerprint)
    assert snapshots.fingerprint_of(read) == made.fingerprint


def test_the_same_data_are_written_once(wave: Wave, folder: Path):
    actions.make_snapshot(wave=wave, at=NOON)
    before = the_file(folder).stat()

    made, _ = actions.make_snapshot(wave=wave, at=NOON)

    assert Snapshot.objects.get() == made
    assert (the_file(folder).stat().st_ino, the_file(folder).stat().st_mtime_ns) == (
        before.st_ino, before.st_mtime_ns,
    )  # fmt: skip


def test_whether_it_is_still_the_waves_is_told_without_reading_answers(wave: Wave):
    made, _ = actions.make_snapshot(wave=wave, at=NOON)

    with CaptureQueriesContext(
        connection,
    ) as asked_of_database:
        held = actions.current_snapshot(wave)

    assert held == made
    assert not any('"answers"' in query["sql"] for query in asked_of_database)
    answer_anew(wave)
    assert actions.current_snapshot(wave) is None


def test_a_firm_in_the_place_of_another_among_those_not_eligible_changes_the_data(wave: Wave):
    """Of firms of one stratum whose size the frame does not say."""
    Unit.objects.update(employees=None)
    wave.cases.update(design_weight=10.0)
    first, second, last = wave.cases.filter(response__submitted_at__isnull=False).order_by("pk")[
        1:4
    ]
    out = Case.Disposition.NOT_ELIGIBLE
    wave.cases.filter(pk__in=(first.pk, last.pk)).update(disposition=out)
    actions.make_snapshot(wave=wave, at=NOON)

    wave.cases.filter(pk=first.pk).update(disposition=first.disposition)
    wave.cases.filter(pk=second.pk).update(disposition=out)

    assert actions.current_snapshot(wave) is None


def test_another_version_of_the_code_that_reads_waves_reads_them_anew(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
):
    actions.make_snapshot(wave=wave, at=NOON)

    monkeypatch.setattr(keeping, "extraction_fingerprint", lambda: "another")

    assert actions.current_snapshot(wave) is None


def test_a_run_reads_no_answers_from_the_tables(version: PlanVersion):
    run = asked(version)

    with CaptureQueriesContext(connection) as asked_of_database:
        actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE
    assert not any("surveys_response" in query["sql"] for query in asked_of_database)


def test_a_run_from_before_there_were_snapshots_is_carried_out(version: PlanVersion, folder: Path):
    run = asked(version)
    Snapshot.objects.all().delete()
    for path in folder.rglob("*.zip"):
        path.unlink()

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE
    assert Snapshot.objects.get().fingerprint == run.extract_fingerprint


@pytest.mark.parametrize("harm", ["gone", "cut", "one byte"])
def test_a_lost_or_damaged_snapshot_is_made_again_while_the_wave_has_its_data(
    version: PlanVersion, folder: Path, harm: str
):
    run = asked(version)
    do_harm(the_file(folder), harm)

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE
    assert keeping.snapshot_dataset(run.extract_fingerprint) is not None


@pytest.mark.parametrize("harm", ["cut", "one byte"])
def test_a_damaged_snapshot_of_data_that_changed_since_is_told(
    version: PlanVersion, folder: Path, harm: str
):
    run = asked(version)
    do_harm(the_file(folder), harm)
    answer_anew(version.plan.wave)

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.FAILED
    assert again(run).failure["code"] == "snapshot_damaged"
    assert "check_snapshots" in again(run).failure["remedy"]


def do_harm(path: Path, harm: str) -> None:
    held = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(held[: len(held) // 2])
    else:
        # Within the answers, the first part that is Parquet.
        place = held.index(b"PAR1") + 40
        path.write_bytes(held[:place] + bytes([held[place] ^ 1]) + held[place + 1 :])


def test_a_request_of_much_data_leaves_them_to_a_worker(version: PlanVersion, large: None):
    run = asked(version)
    assert (run.fingerprint, run.extract_fingerprint) == (UNSETTLED, "")
    assert not Snapshot.objects.exists()

    actions.carry_out(run_id=run.pk)

    done = again(run)
    assert done.state == Run.State.DONE
    assert done.extract_fingerprint == Snapshot.objects.get().fingerprint
    assert done.fingerprint not in ("", UNSETTLED)


def test_two_requests_of_much_data_are_one_run(version: PlanVersion, large: None):
    first, is_first_new = actions.request(plan_version=version, by=None, at=NOON)
    second, is_second_new = actions.request(plan_version=version, by=make_user("ada"), at=NOON)

    assert first == second
    assert (is_first_new, is_second_new) == (True, False)


def test_much_data_that_have_a_snapshot_make_the_run_at_once(version: PlanVersion, large: None):
    made, _ = actions.make_snapshot(wave=version.plan.wave, at=NOON)

    assert asked(version).extract_fingerprint == made.fingerprint


def test_data_that_turn_out_unchanged_lead_to_the_run_that_there_is(
    version: PlanVersion, large: None
):
    first = asked(version)
    actions.carry_out(run_id=first.pk)
    Snapshot.objects.update(mark="of another moment")

    second = asked(version)
    assert second != first
    actions.carry_out(run_id=second.pk)

    assert again(second).failure["code"] == "same_run"
    assert str(first.pk) in again(second).failure["message"]
    assert again(first).state == Run.State.DONE
    assert again(first).attempts == 1
    # What was found out is kept: the third request needs no worker to see it.
    assert asked(version) == first


def test_a_run_that_may_start_anew_does_so_when_its_data_turn_out_unchanged(
    version: PlanVersion, large: None
):
    first = asked(version)
    actions.carry_out(run_id=first.pk)
    Run.objects.update(state=Run.State.WITHDRAWN)
    Snapshot.objects.update(mark="of another moment")

    second = asked(version)
    actions.carry_out(run_id=second.pk)

    assert again(second).failure["code"] == "same_run"
    assert again(first).state == Run.State.REQUESTED


def test_a_run_whose_worker_died_over_the_data_is_done_by_another(
    version: PlanVersion, large: None, monkeypatch: pytest.MonkeyPatch
):
    run = asked(version)
    with monkeypatch.context() as dying:
        dying.setattr(snapshots, "write", killed)
        with pytest.raises(SystemExit):
            actions.carry_out(run_id=run.pk)
    Run.objects.update(lease_until="2000-01-01T00:00Z")

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE


def killed(*_: Any) -> None:
    raise SystemExit


def failing_with(number: int) -> Any:
    def write(_dataset: Any, target: Any) -> None:
        target.write(b"half")
        raise OSError(number, os.strerror(number))

    return write


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "storage_full"), (errno.EIO, "storage_unreachable")]
)
def test_a_run_waits_while_its_data_cannot_be_kept_and_goes_on_when_they_can(
    version: PlanVersion, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
):
    with monkeypatch.context() as broken:
        broken.setattr(snapshots, "write", failing_with(number))
        run = asked(version)
        assert run.fingerprint == UNSETTLED
        for _ in range(5):
            actions.carry_out(run_id=run.pk)
        waiting = again(run)
    assert (waiting.state, waiting.attempts, waiting.failure["code"]) == (
        Run.State.REQUESTED, 0, code,
    )  # fmt: skip
    assert list(folder.rglob("*.*")) == []

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE
    assert again(run).failure is None


def test_a_run_waits_while_its_snapshot_cannot_be_reached(
    version: PlanVersion, monkeypatch: pytest.MonkeyPatch
):
    run = asked(version)
    with monkeypatch.context() as away:
        away.setattr(type(storages["snapshots"]), "_open", unreachable)
        actions.carry_out(run_id=run.pk)
        waiting = again(run)
    assert (waiting.state, waiting.failure["code"]) == (
        Run.State.REQUESTED, "storage_unreachable",
    )  # fmt: skip

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE


def unreachable(*_: Any) -> None:
    raise ConnectionError(errno.ECONNREFUSED, "Connection refused")


def test_a_reader_finds_the_whole_file_while_another_is_written(wave: Wave, folder: Path):
    made, _ = actions.make_snapshot(wave=wave, at=NOON)

    def write(target: Any) -> None:
        target.write(b"half of it")
        assert keeping.snapshot_dataset(made.fingerprint) is not None
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Refusal, match="no room"):
        snapshot_files.publish(made.name, write)
    assert keeping.snapshot_dataset(made.fingerprint) is not None
    assert [each.suffix for each in folder.rglob("*.*")] == [".zip"]


def test_the_file_goes_with_the_wave(wave: Wave, folder: Path, django_capture_on_commit_callbacks):
    actions.make_snapshot(wave=wave, at=NOON)

    with django_capture_on_commit_callbacks(execute=True):
        Snapshot.objects.all().delete()

    assert list(folder.rglob("*.zip")) == []


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As on a full disk, the system refuses to write beyond."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_the_system_refuses_to_make_larger_leaves_nothing_behind(
    version: PlanVersion, folder: Path
):
    with files_no_larger_than(4096):
        run = asked(version)
        actions.carry_out(run_id=run.pk)
        waiting = again(run)
    assert waiting.failure["code"] == "storage_full"
    assert "manage.py delete_snapshots" in waiting.failure["remedy"]
    assert [each for each in folder.rglob("*") if each.is_file()] == []

    actions.carry_out(run_id=run.pk)

    assert again(run).state == Run.State.DONE


@pytest.mark.usefixtures("every_run_is_large")
def test_a_piece_waits_for_the_storage_without_an_attempt_and_goes_on(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
):
    run = divided(requested(wave))
    preparing._HELD.clear()
    with monkeypatch.context() as away:
        away.setattr(type(storages["snapshots"]), "_open", unreachable)
        assert actions.work_on_pieces(seconds=60) is False
    waiting = again(run)
    assert waiting.state == Run.State.DIVIDED
    assert "could not be used (Connection refused)" in waiting.progress_note
    assert {(each.state, each.attempts) for each in run.pieces.all()} == {("waiting", 0)}

    actions.work_on_pieces(seconds=60)

    assert again(run).state == Run.State.DONE


def test_data_that_change_while_they_are_read_again_are_not_taken_for_the_waves(
    wave: Wave, version: PlanVersion, monkeypatch: pytest.MonkeyPatch
):
    run = asked(version)
    Snapshot.objects.all().delete()
    read = extracts.dataset

    def read_and_overtaken(asked_for: Wave) -> Any:
        found = read(asked_for)
        answer_anew(asked_for)
        return found

    monkeypatch.setattr(extracts, "dataset", read_and_overtaken)
    keeping.dataset_asked_for(
        wave=wave, waves=(), fingerprint=run.extract_fingerprint, at=run.requested_at
    )
    monkeypatch.undo()

    assert Snapshot.objects.filter(fingerprint=run.extract_fingerprint).exists()
    assert actions.current_snapshot(wave) is None


def test_what_was_refused_of_data_that_nobody_settled_may_be_asked_for_again(
    version: PlanVersion, large: None
):
    run = asked(version)
    refusal = Refusal("no_responses", "The other wave has no answers yet.", "Wait for them.")
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED, failure=refusal.document())

    found, is_new = actions.request(plan_version=version, by=None, at=NOON)

    assert is_new
    assert (found.state, found.failure) == (Run.State.REQUESTED, None)
