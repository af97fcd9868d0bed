"""Runs in pieces under a hundred kills, without a broker, without a database, after an upgrade."""

import os
import random
import signal
import time

import psycopg
import pytest
from django.db import connection

from analysis.models import Run, RunPiece
from surveys.models import Wave
from tests.faults.conftest import SERVER, on_server
from tests.faults.place import (
    Place,
    eventually,
    is_done,
    is_under_way,
    kill,
    many_models,
    pool_processes,
    request,
    reread,
)
from tests.runs import undisturbed

pytestmark = pytest.mark.slow
KILLS = 100
LONG = many_models(30)


def curve(number: int) -> str:
    """A curve of 256 logits and two models with a bootstrap, unlike that of other numbers."""
    model = "outcome: 'innovation.product[good]', covariance: HC1, design: none"
    terms = ", ".join(f"x{place}" for place in range(6))
    defined = "".join(
        f"  x{place}: control.employment / {1000 + number} > {place + 1}\n" for place in range(6)
    )
    return (
        f"title: Curve {number}\ndefine:\n{defined}models:\n"
        f"  - {{name: A, formula: x{number % 6}, bootstrap: {{replicates: 2000, seed: {number + 1}}}, "
        f"{model}}}\n"
        f"  - {{name: Nobody, formula: x1, subpopulation: control.employment < 0, {model}}}\n"
        f"curve:\n  outcomes: ['innovation.product[good]']\n  measures: [ln_employment, x0]\n"
        f"  optional: [{terms}]\n  estimators: [logit, linear]\n  covariance: HC1\n  design: none\n"
    )


def wait_for_some_progress(chance: random.Random) -> None:
    """Until another piece is settled, mostly: without any, kills would hit nothing but starts."""
    settled = RunPiece.objects.filter(finished_at__isnull=False)
    before, deadline = settled.count(), time.monotonic() + 30
    while chance.random() < 0.98 and settled.count() == before and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(chance.uniform(0, 0.6))


def test_a_hundred_kills_at_random_moments_leave_every_run_complete_right_and_done_once(
    place: Place, wave: Wave
) -> None:
    chance = random.Random(20261122)
    workers = [place.start_worker() for _ in range(2)]
    place.start_clock()
    runs: list[Run] = []
    killed = 0
    while killed < KILLS:
        if sum(not is_done(run) for run in runs) < 2:
            runs.append(request(curve(len(runs)), wave, f"curve-{len(runs)}"))
            place.announce(runs[-1])
        wait_for_some_progress(chance)
        chosen = chance.randrange(len(workers))
        processes = pool_processes(workers[chosen])
        if killed % 20 == 19:
            kill(workers[chosen])
            workers[chosen] = place.start_worker()
        elif processes:
            os.kill(chance.choice(processes), signal.SIGKILL)
        killed += 1
    for run in runs:
        eventually(lambda run=run: is_done(run), f"{run} is done", within=180)

    assert len(runs) >= 3
    for run in runs:
        done = reread(run)
        assert done.estimates == undisturbed(run)
        assert set(run.pieces.values_list("state", flat=True)) == {"done", "refused"}
        assert done.progress_done == done.progress_total


def test_a_queue_that_is_killed_and_loses_all_messages_delays_a_run_and_no_more(
    place: Place, wave: Wave
) -> None:
    run = request(LONG, wave)
    place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(run), "the run is under way")

    if place.server is None:
        place.purge()
    else:
        place.kill_queue()
        place.open_queue()
        place.purge()
    eventually(lambda: is_done(run), "it is finished all the same", within=150)

    assert reread(run).estimates == undisturbed(run)


@pytest.mark.postgres
def test_a_database_that_is_gone_for_a_while_delays_a_run_and_no_more(
    place: Place, wave: Wave
) -> None:
    run = request(LONG, wave)
    place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(run), "the run is under way")
    name = place.database_url.rpartition("/")[2]

    connection.close()
    on_server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 -- a name of our own
    on_server(ended)
    time.sleep(5)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"{SERVER.rpartition('/')[0]}/{name}")
    on_server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    eventually(lambda: is_done(run), "it is finished all the same", within=150)

    assert reread(run).estimates == undisturbed(run)


def test_a_run_of_another_version_of_the_code_ends_with_that_reason_and_others_come(
    place: Place, wave: Wave
) -> None:
    old = request(LONG, wave, "old")
    place.start_worker()
    place.start_clock()
    eventually(lambda: is_under_way(old), "the run is under way")

    Run.objects.filter(pk=old.pk).update(code_fingerprint="0" * 64)
    eventually(lambda: reread(old).state == Run.State.FAILED, "it is given up")
    other = request(many_models(3), wave, "other")
    place.announce(other)
    eventually(lambda: is_done(other), "another run is done")

    assert reread(old).failure["code"] == "code_changed"
    assert "running" not in old.pieces.values_list("state", flat=True)


def test_messages_that_come_twice_and_again_change_nothing(place: Place, wave: Wave) -> None:
    run = request(LONG, wave)
    place.start_worker(concurrency=2)
    for _ in range(5):
        place.announce(run)
        place.send("analysis.tasks.work_on_pieces", str(run.pk))
    eventually(lambda: is_done(run), "the run is done", within=180)
    finished = reread(run).finished_at

    for _ in range(3):
        place.announce(run)
        place.send("analysis.tasks.work_on_pieces", str(run.pk))
    later = request(many_models(1), wave, "later")
    place.announce(later)
    eventually(lambda: is_done(later), "a later run is done")

    assert reread(run).finished_at == finished
    assert set(run.pieces.values_list("attempts", flat=True)) == {1}
