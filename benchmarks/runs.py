"""Runs from the click to the table: a ladder, a specification curve, a bootstrap, two workers.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.runs

Real Celery workers, the embedded queue, and SQLite, or the PostgreSQL server that
MILIEU_BENCH_DATABASE_URL names, on which a database is made and dropped.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("MILIEU_TEST_DATABASE_URL", os.environ.get("MILIEU_BENCH_DATABASE_URL", ""))
if not os.environ["MILIEU_TEST_DATABASE_URL"]:
    del os.environ["MILIEU_TEST_DATABASE_URL"]
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import numpy as np
from django.core.management import call_command

from analysis import pipeline
from analysis.models import Run
from surveys.models import Wave
from tests.faults.conftest import SERVER, as_default_database, on_server
from tests.faults.place import Place, request
from tests.runs import LADDER, bootstrap_plan, curve_plan, make_wave_of

FIRMS = 5_000
LADDER_FIRMS = 1_200
TURNS = 3
PATIENCE = 900.0
SECONDS_BETWEEN_LOOKS = 0.05


@contextmanager
def database(folder: Path) -> Iterator[str]:
    name = f"milieu_bench_runs_{os.getpid()}"
    if SERVER:
        on_server(f"CREATE DATABASE {name}")
    url = (
        f"{SERVER.rpartition('/')[0]}/{name}" if SERVER else f"sqlite:///{folder / 'runs.sqlite3'}"
    )
    try:
        with as_default_database(url):
            call_command("migrate", verbosity=0)
            yield url
    finally:
        if SERVER:
            on_server(f"DROP DATABASE {name} WITH (FORCE)")


def seconds(place: Place, plan: str, wave: Wave, slug: str) -> float:
    """From the request to the finished table; every plan of its own, so that nothing is reused."""
    begun = time.perf_counter()
    run = request(plan, wave, slug)
    place.announce(run)
    waiting_since = time.monotonic()
    while not Run.objects.filter(pk=run.pk, state=Run.State.DONE).exists():
        assert time.monotonic() - waiting_since < PATIENCE, f"{slug} is not done"
        # Whoever looks more often takes from the workers what is to be measured.
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return time.perf_counter() - begun


def with_workers(count: int, turn: int, place: Place, waves: dict[str, Wave]) -> dict[str, float]:
    workers = [place.start_worker() for _ in range(count)]
    mark = 2 * turn + count
    for number in range(2 * count):
        # The first run of a process imports the libraries.
        seconds(place, LADDER.replace("Ladder", f"Warm {mark} {number}"), waves["small"],
                f"warm-{mark}-{number}")  # fmt: skip
    # And the first on a large wave reads its data.
    seconds(place, bootstrap_plan(seed=100 + mark), waves["large"], f"read-{mark}")
    found = {
        "ladder of 6, n = 1,200": seconds(
            place, LADDER.replace("ln_employment", f"age + age^2 + x{mark}"), waves["small"],
            f"ladder-{mark}"),
        "curve of 512 logits, n = 5,000": seconds(
            place, curve_plan(seed=mark), waves["large"], f"curve-{mark}"),
        "1,000 bootstrap replicates, 20 covariates, n = 5,000": seconds(
            place, bootstrap_plan(seed=mark), waves["large"], f"bootstrap-{mark}"),
        "curve of 8,192 logits, n = 5,000": seconds(
            place, curve_plan(seed=10 + mark, optional=12), waves["large"], f"long-{mark}"),
    }  # fmt: skip
    for worker in workers:
        worker.ask_to_stop()
        worker.stop(time.monotonic() + 10)
    return found


def best(place: Place, waves: dict[str, Wave]) -> dict[str, dict[str, float]]:
    """The least of several turns, one worker and two by turns: what else a machine does only adds.

    With the ratio of both.
    """
    turns: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    for turn in range(TURNS):
        for count, found in turns.items():
            found.append(with_workers(count, turn, place, waves))
    least = {
        count: {work: round(min(each[work] for each in found), 2) for work in found[0]}
        for count, found in turns.items()
    }
    ratios = {work: round(least[1][work] / least[2][work], 2) for work in least[1]}
    return {"one worker": least[1], "two workers": least[2], "ratio": ratios}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="milieu-runs-") as name:
        folder = Path(name)
        with database(folder) as url:
            waves = {
                "small": make_wave_of(LADDER_FIRMS, "2024"),
                "large": make_wave_of(FIRMS, "2025"),
            }
            place = Place(folder, url, "")
            place.open_queue()
            try:
                figures = best(place, waves)
            finally:
                place.stop()
            pieces = {
                run.plan_version.plan.slug: run.pieces.count()
                for run in Run.objects.select_related("plan_version__plan")
            }
    print(json.dumps({"load": np.round(os.getloadavg(), 1).tolist(), "figures": figures,
                      "pieces": {k: v for k, v in pieces.items() if v},
                      "small": pipeline.pieces.SMALL}, indent=2))  # fmt: skip


if __name__ == "__main__":
    main()
