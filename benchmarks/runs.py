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
from tests.faults.place import Place, eventually, is_done, request
from tests.runs import LADDER, bootstrap_plan, curve_plan, make_wave_of

FIRMS = 5_000
LADDER_FIRMS = 1_200
PATIENCE = 900.0


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
    eventually(lambda: is_done(run), f"{slug} is done", within=PATIENCE)
    return time.perf_counter() - begun


def with_workers(count: int, place: Place, waves: dict[str, Wave]) -> dict[str, float]:
    workers = [place.start_worker() for _ in range(count)]
    for number in range(2 * count):
        # The first run of a process imports the libraries.
        seconds(place, LADDER.replace("Ladder", f"Warm {count} {number}"), waves["small"],
                f"warm-{count}-{number}")  # fmt: skip
    found = {
        "ladder of 6, n = 1,200": seconds(
            place, LADDER.replace("ln_employment", f"age + age^2 + x{count}"), waves["small"],
            f"ladder-{count}"),
        "curve of 512 logits, n = 5,000": seconds(
            place, curve_plan(seed=count), waves["large"], f"curve-{count}"),
        "1,000 bootstrap replicates, 20 covariates, n = 5,000": seconds(
            place, bootstrap_plan(seed=count), waves["large"], f"bootstrap-{count}"),
        "curve of 8,192 logits, n = 5,000": seconds(
            place, curve_plan(seed=10 + count, optional=12), waves["large"], f"long-{count}"),
    }  # fmt: skip
    for worker in workers:
        worker.ask_to_stop()
        worker.stop(time.monotonic() + 10)
    return found


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
                figures = {
                    f"workers {count}": with_workers(count, place, waves) for count in (1, 2)
                }
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
