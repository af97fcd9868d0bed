"""Workers are killed, frozen and stopped; a run is taken up again and has one result."""

import os
import signal

import pytest

from analysis import actions
from analysis.models import Run
from surveys.models import Wave
from tests.factories import NOON, make_user
from tests.faults.place import (
    Place,
    eventually,
    frozen,
    is_done,
    is_under_way,
    kill,
    many_models,
    pool_processes,
    request,
    reread,
)
from tests.runs import make_wave_of, undisturbed

pytestmark = pytest.mark.slow
LONG = many_models(30)
# One model, which one worker does in one go; for as long as the weights take to draw and fit.
ENDLESS = many_models(1, replicates=10_000)


def attempts(run: Run) -> dict[int, int]:
    """How many pieces were begun how often."""
    counts = list(run.pieces.values_list("attempts", flat=True))
    return {times: counts.count(times) for times in sorted(set(counts))}


def test_a_run_whose_worker_is_killed_is_taken_up_where_it_was_and_ends_with_the_same_numbers(
    place: Place, wave: Wave
) -> None:
    run = request(LONG, wave)
    worker = place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(run), "the run is under way")

    kill(worker)
    assert reread(run).state == Run.State.DIVIDED
    place.start_worker(concurrency=2)
    eventually(lambda: is_done(run), "another worker has finished it")

    assert attempts(run) in ({1: 29, 2: 1}, {1: 30})
    assert reread(run).estimates == undisturbed(run)


def test_a_worker_whose_process_is_killed_goes_on_and_takes_the_piece_up_again(
    place: Place, wave: Wave
) -> None:
    run = request(LONG, wave)
    worker = place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(run), "the run is under way")

    os.kill(pool_processes(worker)[0], signal.SIGKILL)
    eventually(lambda: is_done(run), "it is finished")

    assert attempts(run) in ({1: 29, 2: 1}, {1: 30})
    assert reread(run).estimates == undisturbed(run)


def test_a_worker_that_is_asked_to_stop_finishes_its_piece_first(place: Place, wave: Wave) -> None:
    run = request(LONG, wave)
    worker = place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(run), "the run is under way")

    worker.ask_to_stop()
    assert worker.process is not None
    worker.process.wait(30)
    left = set(run.pieces.values_list("state", flat=True))
    place.start_worker()
    eventually(lambda: is_done(run), "another worker has finished it")

    assert "running" not in left
    assert attempts(run) == {1: 30}


def test_a_frozen_worker_that_wakes_after_its_lease_throws_its_result_away(
    place: Place, wave: Wave
) -> None:
    run = request(LONG, wave)
    worker = place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(run), "the run is under way")

    (process,) = pool_processes(worker)
    with frozen(process):
        place.start_worker()
        eventually(lambda: is_done(run), "another worker has finished it")
        finished = reread(run)
    second = request(many_models(1), wave, "second")
    place.announce(second)
    eventually(lambda: is_done(second), "a later run is done")

    assert attempts(run) in ({1: 29, 2: 1}, {1: 30})
    assert reread(run).finished_at == finished.finished_at
    assert reread(run).estimates == undisturbed(run)


def is_begun(run: Run, attempt: int) -> bool:
    now = reread(run)
    return (now.state, now.attempts) == (Run.State.RUNNING, attempt)


def test_a_run_that_kills_its_workers_is_given_up_and_others_go_on(
    place: Place, wave: Wave
) -> None:
    poison = request(ENDLESS, wave)
    worker = place.start_worker()
    place.start_clock()

    for attempt in range(1, actions.MOST_ATTEMPTS + 1):
        eventually(
            lambda attempt=attempt: is_begun(poison, attempt), f"attempt {attempt} is under way"
        )
        os.kill(pool_processes(worker)[0], signal.SIGKILL)
    eventually(lambda: reread(poison).state == Run.State.FAILED, "the run is given up")
    other = request(many_models(1), wave, "other")
    place.announce(other)
    eventually(lambda: is_done(other), "another run is done")

    assert reread(poison).failure["code"] == "worker_lost"
    assert reread(poison).attempts == actions.MOST_ATTEMPTS


def test_a_run_that_is_withdrawn_frees_its_worker(place: Place, wave: Wave) -> None:
    run = request(LONG, wave)
    place.start_worker()
    eventually(lambda: is_under_way(run), "the run is under way")

    actions.withdraw(run=run, by=make_user("ada"), at=NOON)
    other = request(many_models(1), wave, "other")
    place.announce(other)
    eventually(lambda: is_done(other), "the worker is free for another run")

    assert reread(run).state == Run.State.WITHDRAWN
    assert reread(run).progress_done < reread(run).progress_total
    assert "running" not in run.pieces.values_list("state", flat=True)


def test_a_run_that_takes_too_long_is_stopped_with_a_message(place: Place, wave: Wave) -> None:
    first = request(many_models(1), wave, "first")
    place.start_worker()
    eventually(lambda: is_done(first), "the worker is at work")
    run = request(ENDLESS, wave)

    place.send("analysis.tasks.estimate", str(run.pk), soft_time_limit=1, time_limit=60)
    eventually(lambda: reread(run).state == Run.State.FAILED, "it is stopped")

    assert reread(run).failure["code"] == "out_of_time"


def test_a_worker_computes_with_one_thread(place: Place) -> None:
    place.start_worker("--include", "tests.faults.probe")
    answer = place.folder / "threads"

    place.send("tests.faults.probe.count_threads", str(answer))
    eventually(answer.exists, "the worker has counted its threads")

    assert set(answer.read_text().split()) == {"1"}


def test_a_run_that_needs_more_memory_than_a_worker_may_have_is_told_so_and_the_worker_lives(
    place: Place,
) -> None:
    many = make_wave_of(2_000, "many")
    huge = request(many_models(1, replicates=10_000), many, "huge")
    small = request(many_models(1, replicates=10), many, "small")
    place.announce(huge)
    place.announce(small)

    place.start_worker(WORKER_MEMORY_MB="400")
    place.start_clock()
    eventually(lambda: is_done(small), "the small run is done")
    eventually(lambda: reread(huge).state == Run.State.FAILED, "the huge run is over")

    assert reread(huge).failure["code"] == "out_of_memory"
    assert reread(huge).attempts == 1
