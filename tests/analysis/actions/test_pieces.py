"""Runs of much work are cut into pieces; each is done once, and their joint result is kept once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from analysis import actions, pipeline
from analysis.actions import pieces as handing_out
from analysis.actions import piecework, preparing, snapshot_files
from analysis.models import Run, RunPiece, Snapshot
from surveys.models import Response
from tests.analysis.actions import divided_runs
from tests.analysis.actions.divided_runs import (
    counted,
    divided,
    left_behind,
    reread,
    states,
)
from tests.factories import NOON, make_user
from tests.runs import undisturbed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_run_is_large")]


def test_a_large_run_waits_in_pieces_unclaimed_and_says_how_much_there_is(run: Run) -> None:
    waiting = divided(run)

    assert (waiting.state, waiting.claim, waiting.lease_until) == (Run.State.DIVIDED, None, None)
    assert (waiting.progress_done, waiting.progress_total) == (0, 3 + 40 + 6)
    assert waiting.finished_at is None
    assert set(states(run)) == {"waiting"}
    assert actions.free_pieces(run.pk) == run.pieces.count() == 5


def test_whoever_settles_the_last_piece_joins_them_to_what_one_go_gives(run: Run) -> None:
    divided(run)

    assert actions.work_on_pieces(seconds=60) is False

    done = reread(run)
    assert done.state == Run.State.DONE
    assert done.estimates == undisturbed(run)
    assert (done.progress_done, done.progress_total) == (49, 49)
    assert sorted(states(run)) == ["done"] * 4 + ["refused"]
    assert done.curve_table["columns"][0] == "Models"


def test_a_turn_that_ends_says_whether_work_is_left(run: Run) -> None:
    divided(run)

    assert actions.work_on_pieces(seconds=0) is True

    assert states(run).count("waiting") == 4
    assert reread(run).progress_done == 1


def test_a_piece_whose_worker_died_is_done_by_another_and_nothing_twice(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)
    actions.work_on_pieces(seconds=0)
    taken = handing_out.take()
    assert taken is not None
    done = counted(monkeypatch)

    actions.work_on_pieces(seconds=60)
    assert reread(run).state == Run.State.DIVIDED
    left_behind(taken[0])
    actions.work_on_pieces(seconds=60)

    assert reread(run).estimates == undisturbed(run)
    assert sorted(done) == sorted(set(done))
    assert len(done) == 4
    assert RunPiece.objects.get(pk=taken[0].pk).attempts == 2


def test_a_worker_that_comes_back_too_late_settles_nothing(run: Run) -> None:
    divided(run)
    taken = handing_out.take()
    assert taken is not None
    piece, token = taken
    left_behind(piece)
    again = handing_out.take()
    assert again is not None

    columns = {"state": RunPiece.State.DONE, "found": b"of another life", "failure": None}
    assert handing_out.settle(piece, token, columns) == []

    piece.refresh_from_db()
    assert (piece.state, piece.claim, piece.found) == ("running", again[1], None)


def test_a_piece_that_kills_its_workers_is_given_up_and_the_other_models_come(run: Run) -> None:
    divided(run)
    poison = run.pieces.get(title="Estimating C")
    for _ in range(actions.MOST_ATTEMPTS_AT_A_PIECE):
        assert handing_out._claim(poison.pk) is not None
        left_behind(poison)
    actions.work_on_pieces(seconds=60)

    named = actions.sweep()
    actions.carry_out(run_id=run.pk)

    done = reread(run)
    assert named == [run.pk]
    assert done.state == Run.State.DONE
    assert [model["name"] for model in done.estimates["models"]] == ["A"]
    assert [(each["name"], each["code"]) for each in done.estimates["not_estimated"]][1:] == [
        ("C", "worker_lost")
    ]


def test_a_refused_description_leaves_the_models_of_a_divided_run_as_they_are(run: Run) -> None:
    described = """
descriptives:
  - {outcome: control.employment, subpopulation: control.employment < 0, name: Nobody described}
  - {outcome: control.employment, name: Size}
"""
    run = divided_runs.requested(
        run.plan_version.plan.wave, divided_runs.PLAN + described, "described"
    )
    divided(run)
    actions.work_on_pieces(seconds=60)
    actions.carry_out(run_id=run.pk)

    done = reread(run)
    assert done.state == Run.State.DONE
    assert [each["title"] for each in done.estimates["descriptives"]] == ["Size"]
    assert [each["name"] for each in done.estimates["not_described"]] == ["Nobody described"]
    assert [model["name"] for model in done.estimates["models"]] == ["A", "C"]


def test_a_table_with_a_column_that_failed_outside_the_plan_can_be_asked_for_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)
    plain = pipeline.worked

    def short_of_memory(prepared: Any, piece: pipeline.Piece) -> Any:
        if piece.title == "Estimating C":
            raise MemoryError
        return plain(prepared, piece)

    monkeypatch.setattr(pipeline, "worked", short_of_memory)
    actions.work_on_pieces(seconds=60)
    first = reread(run)
    monkeypatch.setattr(pipeline, "worked", plain)
    done = counted(monkeypatch)
    again, is_new = actions.request(plan_version=run.plan_version, by=None, at=NOON)
    divided(again)
    actions.work_on_pieces(seconds=60)

    assert first.state == Run.State.DONE
    assert "out_of_memory" in [each["code"] for each in first.estimates["not_estimated"]]
    assert (again.pk, is_new, done) == (run.pk, True, ["Estimating C"])
    assert reread(run).estimates == undisturbed(run)


def test_a_finished_run_without_such_a_column_is_not_done_again(run: Run) -> None:
    divided(run)
    actions.work_on_pieces(seconds=60)

    found, is_new = actions.request(plan_version=run.plan_version, by=None, at=NOON)

    assert (found.pk, is_new, found.state) == (run.pk, False, Run.State.DONE)


def test_a_withdrawn_run_leaves_its_queue_and_keeps_what_was_found(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)
    actions.work_on_pieces(seconds=0)
    taken = handing_out.take()
    assert taken is not None

    assert actions.withdraw(run=run, by=make_user("ada"), at=NOON)
    columns = {"state": RunPiece.State.REFUSED, "found": None, "failure": {"code": "x"}}
    late = handing_out.settle(*taken, columns)

    assert late == []
    assert handing_out.take() is None
    assert actions.free_pieces() == 0
    assert sorted(states(run)) == ["done"] + ["withdrawn"] * 4
    done = counted(monkeypatch)
    again, is_new = actions.request(plan_version=run.plan_version, by=None, at=NOON)
    divided(again)
    actions.work_on_pieces(seconds=60)
    assert (is_new, len(done)) == (True, 4)
    assert reread(run).estimates == undisturbed(run)


def test_two_who_would_join_at_once_join_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    divided(run)
    monkeypatch.setattr(piecework, "carry_out", lambda **_: None)
    actions.work_on_pieces(seconds=60)
    kept = []
    plain = pipeline.joined

    def meanwhile(*arguments: Any, **options: Any) -> pipeline.Results:
        kept.append(actions.carry_out(run_id=run.pk))
        return plain(*arguments, **options)

    monkeypatch.setattr(pipeline, "joined", meanwhile)
    first = actions.carry_out(run_id=run.pk)

    assert (first, kept, reread(run).state) == (True, [False], Run.State.DONE)


def test_a_join_whose_worker_died_is_found_by_the_sweep_and_done_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)
    monkeypatch.setattr(piecework, "carry_out", lambda **_: None)
    actions.work_on_pieces(seconds=60)
    before = actions.sweep()
    past = datetime.now(UTC) - timedelta(seconds=1)
    Run.objects.update(state="running", claim=uuid4(), lease_until=past, attempts=1)
    monkeypatch.undo()

    assert before == actions.sweep() == [run.pk]
    assert actions.carry_out(run_id=run.pk)
    assert reread(run).estimates == undisturbed(run)


def test_the_sweep_names_runs_whose_pieces_nobody_takes_and_leaves_others_alone(run: Run) -> None:
    divided(run)
    Run.objects.update(published_at=datetime.now(UTC) - timedelta(seconds=70))
    untaken = actions.sweep()
    taken = handing_out.take()
    assert taken is not None
    under_way = actions.sweep()
    left_behind(taken[0])

    assert (untaken, under_way, actions.sweep()) == ([run.pk], [], [run.pk])


def lose_snapshots() -> None:
    for held in Snapshot.objects.all():
        snapshot_files.remove(held.name)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: Run.objects.update(code_fingerprint="0" * 64), "code_changed"),
        (lambda: (Response.objects.latest("pk").delete(), lose_snapshots()), "data_changed"),
    ],
)
def test_code_or_data_that_changed_between_the_pieces_end_the_run_with_that_reason(
    run: Run, change: Callable[[], object], code: str
) -> None:
    divided(run)
    actions.work_on_pieces(seconds=0)
    change()
    preparing._HELD.clear()

    actions.work_on_pieces(seconds=60)

    assert (reread(run).state, reread(run).failure["code"]) == (Run.State.FAILED, code)
    assert set(states(run)) == {"done", "withdrawn"}


def test_an_error_of_the_database_leaves_the_piece_for_another_attempt(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)

    def gone(*_: Any) -> Any:
        raise OperationalError("gone away")

    monkeypatch.setattr(pipeline, "worked", gone)
    with pytest.raises(OperationalError):
        actions.work_on_pieces(seconds=60)
    monkeypatch.undo()
    monkeypatch.setattr("analysis.pipeline.pieces.SMALL", 0)
    left_behind(run.pieces.get(state="running"))
    actions.work_on_pieces(seconds=60)

    assert reread(run).estimates == undisturbed(run)


def test_an_error_inside_one_model_is_told_by_a_reference_and_the_others_come(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    plain = pipeline.worked

    def broken(prepared: Any, piece: pipeline.Piece) -> Any:
        if piece.title == "Estimating C":
            raise ValueError("turnover of 35000 at Acme")
        return plain(prepared, piece)

    monkeypatch.setattr(pipeline, "worked", broken)
    divided(run)
    actions.work_on_pieces(seconds=60)

    failed = run.pieces.get(state="failed")
    assert failed.failure["code"] == "internal_error"
    assert "35000" not in str(failed.failure)
    assert reread(run).state == Run.State.DONE


def test_a_run_and_its_pieces_end_together(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    divided(run)

    def cut_off(_run_id: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(piecework, "stop_all", cut_off)
    monkeypatch.setattr(preparing, "code_fingerprint", lambda: "another")
    with pytest.raises(OperationalError):
        actions.work_on_pieces(seconds=60)

    assert reread(run).state == Run.State.DIVIDED


def test_who_loses_every_candidate_to_others_looks_for_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)
    monkeypatch.setattr(handing_out, "_CANDIDATES", 2)
    lost = list(run.pieces.order_by("number").values_list("pk", flat=True)[:2])
    plain = handing_out._claim

    def claimed(key: int) -> Any:
        if key not in lost:
            return plain(key)
        RunPiece.objects.filter(pk=key).update(
            state="running", claim=uuid4(), lease_until=datetime.now(UTC) + timedelta(hours=1)
        )
        return None

    monkeypatch.setattr(handing_out, "_claim", claimed)
    taken = handing_out.take()

    assert taken is not None
    assert taken[0].pk not in lost
