"""How many questionnaires a minute, held against a bare Django view on the same machine, as JSON.

    python -m benchmarks.respondents [--database URL] [--visits 48] [--repetitions 5]

60 questions on 8 pages with four batteries, entered by access code, filled in and submitted
over HTTP by 8 and by 32 visitors at a time; gunicorn and PostgreSQL as in production. The
yardstick is a Django project as `startproject` writes it, with the same pages as plain Django
forms and one view that writes one row a page (`benchmarks/bare_view`). Beside it, for
information, a view without forms: fields written out, and the text sent taken as it is. The
load generator is a process of its own on the same machine. In every repetition the yardstick runs
before Milieu and after it, so that a machine whose speed changes does not decide; the median of
the repetitions counts. Every submitted answer is compared with what was sent. Every visitor
has an address of its own, so that nobody waits for the brake on guessed codes, which is in
force.

The databases are made on the server of `--database` (or MILIEU_BENCH_DATABASE_URL) and dropped.
Exit code 1 if a bar is missed or an answer differs.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import respondents_instrument as instrument
from benchmarks.respondents_servers import (
    CORES,
    SERVER,
    database,
    environment,
    gunicorn,
    run,
    visit_all,
)

BAR_RATIO = 0.5
BAR_PAGE_MS = 25.0
CONCURRENCY = (8, 32)
SINGLE_VISITS = 10
WARM_UP = 8


@dataclass(slots=True)
class Contestant:
    """A running server and the visits that were not made yet."""

    port: int
    waiting: list[dict[str, Any]]
    made: list[dict[str, Any]] = field(default_factory=list)

    def visited(self, visits: int, concurrency: int) -> dict[str, Any]:
        batch, self.waiting = self.waiting[:visits], self.waiting[visits:]
        self.made += batch
        told = visit_all(self.port, batch, concurrency)
        if told["failures"]:
            raise SystemExit(f"{len(told['failures'])} visits failed: {told['failures'][0]}")
        return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=SERVER, help="URL of a PostgreSQL server")
    parser.add_argument("--visits", type=int, default=48, help="questionnaires in one run")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--workers", type=int, default=CORES)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = environment(stack.enter_context(database(chosen.database)), folder)
        milieu = _milieu(stack, settings, chosen)
        bare, plain = _bare(stack, folder, settings, milieu, chosen)
        for each in (milieu, bare, plain):
            each.visited(WARM_UP, concurrency=4)
        single = milieu.visited(SINGLE_VISITS, concurrency=1)
        runs = [
            _turn(milieu, bare, plain, chosen.visits, concurrency)
            for concurrency in CONCURRENCY
            for _ in range(chosen.repetitions)
        ]
        checked = run(["benchmarks.respondents_field", "check"], settings, milieu.made)
    report = _report(chosen, single, runs, checked)
    print(json.dumps(report, indent=2))
    return 0 if report["held"] else 1


def _milieu(stack: ExitStack, settings: dict[str, str], chosen: argparse.Namespace) -> Contestant:
    run(["django", "migrate", "--verbosity", "0"], _of(settings), reads=False)
    run(["django", "collectstatic", "--noinput", "-v", "0"], _of(settings), reads=False)
    cases = WARM_UP + SINGLE_VISITS + chosen.visits * chosen.repetitions * len(CONCURRENCY)
    visits = run(["benchmarks.respondents_field", "sixty", "--cases", str(cases)], settings)
    port = stack.enter_context(gunicorn("config.wsgi", settings, workers=chosen.workers))
    return Contestant(port, visits)


def _bare(
    stack: ExitStack,
    folder: Path,
    settings: dict[str, str],
    milieu: Contestant,
    chosen: argparse.Namespace,
) -> tuple[Contestant, Contestant]:
    """The yardstick and the view without forms: one server, the same pages, the same typing."""
    described = run(["benchmarks.respondents_field", "fields"], settings)
    fields = folder / "fields.json"
    fields.write_text(json.dumps(described))
    url = stack.enter_context(database(chosen.database))
    bare = environment(url, folder, BARE_FIELDS=str(fields))
    migrate = ["django", "migrate", "--run-syncdb", "--verbosity", "0"]
    run(migrate, _of(bare, "benchmarks.bare_view.settings"), reads=False)
    application = "benchmarks.bare_view.wsgi"
    port = stack.enter_context(gunicorn(application, bare, workers=chosen.workers))
    first = next(iter(described))
    of_forms, without = (
        [each | {"start": f"/{where}/{each['number']}/page/{first}/"} for each in milieu.waiting]
        for where in ("firm", "plain")
    )
    return Contestant(port, of_forms), Contestant(port, without)


def _of(settings: dict[str, str], module: str = "config.settings") -> dict[str, str]:
    return settings | {"DJANGO_SETTINGS_MODULE": module}


def _turn(
    milieu: Contestant, bare: Contestant, plain: Contestant, visits: int, concurrency: int
) -> dict[str, float]:
    """One run of each, of the yardstick a half before and a half after; a minute."""
    before = bare.visited(visits - visits // 2, concurrency)
    ours = milieu.visited(visits, concurrency)
    after = bare.visited(visits // 2, concurrency)
    minute = {
        "milieu": _a_minute(ours),
        "bare": _a_minute(before, after),
        "plain": _a_minute(plain.visited(visits, concurrency)),
    }
    return {
        "concurrency": concurrency,
        "milieu_a_minute": round(minute["milieu"], 1),
        "bare_a_minute": round(minute["bare"], 1),
        "ratio": round(minute["milieu"] / minute["bare"], 3),
        "without_forms_a_minute": round(minute["plain"], 1),
        "ratio_without_forms": round(minute["milieu"] / minute["plain"], 3),
        "generator_share_of_a_core": round(ours["processor_seconds"] / ours["seconds"], 2),
    }


def _a_minute(*told: dict[str, Any]) -> float:
    return float(
        60 * sum(each["completed"] for each in told) / sum(each["seconds"] for each in told)
    )


def _report(
    chosen: argparse.Namespace,
    single: dict[str, Any],
    runs: list[dict[str, float]],
    checked: dict[str, Any],
) -> dict[str, Any]:
    medians = {str(concurrency): _medians(runs, concurrency) for concurrency in CONCURRENCY}
    pages = {
        kind: {"median_ms": _median(single[f"{kind}_ms"]), "p95_ms": _p95(single[f"{kind}_ms"])}
        for kind in ("shown", "saved")
    }
    is_whole = not checked["not_submitted"] and not checked["differing"]
    held = (
        is_whole
        and all(each["ratio"] >= BAR_RATIO for each in medians.values())
        and all(each["median_ms"] < BAR_PAGE_MS for each in pages.values())
    )
    return {
        "questions": instrument.QUESTIONS,
        "pages": instrument.PAGES,
        "cores": CORES,
        "workers": chosen.workers,
        "load_average": round(os.getloadavg()[0], 2),
        "visits_a_run": chosen.visits,
        "medians": medians,
        "bar_ratio": BAR_RATIO,
        "runs": runs,
        "single_respondent": pages,
        "bar_page_median_ms": BAR_PAGE_MS,
        "answers": checked,
        "held": held,
    }


def _medians(runs: list[dict[str, float]], concurrency: int) -> dict[str, float]:
    of_these = [each for each in runs if each["concurrency"] == concurrency]
    names = ("milieu_a_minute", "bare_a_minute", "ratio", "without_forms_a_minute")
    return {
        name: round(statistics.median(each[name] for each in of_these), 3)
        for name in (*names, "ratio_without_forms")
    }


def _median(milliseconds: list[float]) -> float:
    return round(statistics.median(milliseconds), 2)


def _p95(milliseconds: list[float]) -> float:
    return round(statistics.quantiles(milliseconds, n=20)[-1], 2)


if __name__ == "__main__":
    sys.exit(main())
