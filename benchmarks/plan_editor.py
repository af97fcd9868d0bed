"""How long the plan editor takes to open on a large wave, and what it asks while one writes.

    python -m benchmarks.plan_editor --database postgres://…/name [--firms 100000]

Migrates the database that is named, one for this alone, makes a closed wave of so many firms with
300 answers each, and a codebook as a worker makes it. Another process, that has read none of it,
then opens the page of a plan, its names, its codebook and its checks through all of Django.
Prints JSON; exit code 1 if the page takes longer than the bar or does not show every name.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.export_made import VARIABLES, make

BAR_SECONDS = 0.5
TIMES = 9
PLAN = """\
title: Sources and their weight
design: none
covariance: HC1
define:
  important: sourcing.importance[s0] > 1
models:
""" + "".join(
    f"  - {{name: Model {n}, outcome: important, formula: \"sourcing.importance[s{n}]\"}}\n"
    for n in range(1, 7)
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://…/name")
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--open", metavar="SURVEY", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": options.database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    if options.open:
        print(json.dumps(_opened(options.open)))
        return 0
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    survey, _ = make(options.firms, waves=1)
    found = {"firms": options.firms, "variables": VARIABLES} | _codebook(survey)
    command = [sys.executable, "-m", "benchmarks.plan_editor", "--database", options.database]
    opened = subprocess.run(  # noqa: S603 -- our own command
        [*command, "--open", survey], capture_output=True, text=True, check=True
    )
    found |= json.loads(opened.stdout.splitlines()[-1])
    print(json.dumps(found, indent=2))
    return int(found["open_slowest_s"] > BAR_SECONDS or found["names"] < VARIABLES)


def _codebook(survey: str) -> dict[str, float]:
    """What it takes a worker, from the answers in the database to the codebook that is kept."""
    from django.utils import timezone

    from analysis import actions

    begun = time.perf_counter()
    made = actions.make_codebook(wave=_wave(survey), at=timezone.now())
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    actions.write_plan(wave=made.wave, slug="sources", source=PLAN, by=None, at=timezone.now())
    return {"codebook_s": round(seconds, 1), "codebook_peak_mb": round(peak)}


def _wave(survey: str) -> Any:
    from analysis import extracts

    return extracts.Wave.objects.get(survey__slug=survey)


def _opened(survey: str) -> dict[str, Any]:
    """Seconds of every request of an analyst who opens the editor and writes."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from tests.factories import make_member, make_user

    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    wave = _wave(survey)
    user = make_user("analyst")
    make_member(user, wave.survey)
    client = Client()
    client.force_login(user)

    def address(name: str, **more: str) -> str:
        return reverse(f"analysis:{name}", args=[survey, wave.slug, *more.values()])

    page = address("plan", plan="sources")
    # The first request of a process imports and compiles; it is told by itself.
    first, answer = _timed(lambda: client.get(page))
    assert answer.status_code == 200, answer.status_code
    opening = [_timed(lambda: client.get(page))[0] for _ in range(TIMES)]
    check = address("check_plan")
    found = {
        "open_first_s": first,
        "open_median_s": statistics.median(opening),
        "open_slowest_s": max(opening),
        "search_s": _timed(lambda: client.get(address("codebook"), {"find": "s29"}))[0],
    }
    seconds, names = _timed(lambda: client.get(address("names")))
    found |= {"all_names_s": seconds, "names": len(names.json()["names"])}
    posted = {"source": PLAN}
    found["check_at_once_s"] = _timed(lambda: client.post(check, {**posted, "at_once": "1"}))[0]
    found["first_check_of_answers_s"] = _timed(lambda: client.post(check, posted))[0]
    found["next_check_of_answers_s"] = _timed(lambda: client.post(check, posted))[0]
    found["dry_run_s"] = _timed(lambda: client.post(address("dry_run"), posted))[0]
    return {name: round(value, 3) for name, value in found.items()}


def _timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = ask()
    return time.perf_counter() - begun, answer


if __name__ == "__main__":
    raise SystemExit(main())
