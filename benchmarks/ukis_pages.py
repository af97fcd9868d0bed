"""The pages of the UK Innovation Survey over HTTP: the whole path of an innovator, as JSON.

    python -m benchmarks.ukis_pages ../shared/data/ukis_2022_2024.json [--database URL]

The file of the ONS runner is imported and published, and one firm after the other enters its
code, goes through every page of the scripted path of an innovator, and submits; on SQLite and
on PostgreSQL, each in a database of its own. Milliseconds are those between sending a request
and having read the whole answer, taken by a client on the same machine without a proxy, and so
hold the server's time and the way through the loopback. Exit code 1 if the 95th percentile of
showing or of saving a page is not under the bar, or an answer is not stored as sent.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.respondents_servers import (
    CORES,
    ROOT,
    SERVER,
    database,
    environment,
    gunicorn,
    run,
    visit_all,
)

BAR_P95_MS = 40.0
ANSWERS = ROOT / "tests" / "surveys" / "interchange" / "ukis_innovator.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--answers", type=Path, default=ANSWERS)
    parser.add_argument("--database", default=SERVER, help="URL of a PostgreSQL server")
    parser.add_argument("--firms", type=int, default=5)
    chosen = parser.parse_args()
    told = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {
            "sqlite": f"sqlite:///{folder / 'bench.sqlite3'}",
            "postgresql": stack.enter_context(database(chosen.database)),
        }
        for name, url in urls.items():
            told[name] = _path(environment(url, folder), chosen)
    held = all(each["held"] for each in told.values())
    report = {
        "cores": CORES,
        "load_average": round(os.getloadavg()[0], 2),
        "bar_p95_ms": BAR_P95_MS,
        "held": held,
        **told,
    }
    print(json.dumps(report, indent=2))
    return 0 if held else 1


def _path(settings: dict[str, str], chosen: argparse.Namespace) -> dict[str, Any]:
    """One visit to warm up, then the others, one after the other."""
    django = settings | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    run(["django", "migrate", "--verbosity", "0"], django, reads=False)
    run(["django", "collectstatic", "--noinput", "-v", "0"], django, reads=False)
    field = ["benchmarks.respondents_field"]
    file, answers = str(chosen.file.absolute()), str(chosen.answers.absolute())
    cases = str(chosen.firms + 1)
    visits = run([*field, "file", file, "--answers", answers, "--cases", cases], settings)
    with gunicorn("config.wsgi", settings, workers=1) as port:
        _visited(port, visits[:1])
        told = _visited(port, visits[1:])
    measured = zip(visits[1:], told["pages"], strict=True)
    sent = [visit | {"asked": sorted(set(pages))} for visit, pages in measured]
    return _report(told, run([*field, "check"], settings, sent))


def _visited(port: int, visits: list[dict[str, Any]]) -> dict[str, Any]:
    told = visit_all(port, visits, concurrency=1)
    if told["failures"]:
        raise SystemExit(f"{len(told['failures'])} visits failed: {told['failures'][0]}")
    return told


def _report(told: dict[str, Any], checked: dict[str, Any]) -> dict[str, Any]:
    pages = {
        kind: {
            "requests": len(told[f"{kind}_ms"]),
            "median_ms": round(statistics.median(told[f"{kind}_ms"]), 2),
            "p95_ms": round(statistics.quantiles(told[f"{kind}_ms"], n=20)[-1], 2),
        }
        for kind in ("shown", "saved")
    }
    is_whole = not checked["not_submitted"] and not checked["differing"]
    return {
        "pages_on_the_path": len(set(told["pages"][0])),
        **pages,
        "answers": checked,
        "held": is_whole and all(each["p95_ms"] < BAR_P95_MS for each in pages.values()),
    }


if __name__ == "__main__":
    sys.exit(main())
