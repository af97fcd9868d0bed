"""How long the snapshot of a wave takes, from the database and back, and in how much memory.

    python -m benchmarks.snapshots --database postgres://…/name [--firms 100000]

Migrates the database that is named, one for this alone, makes a closed wave of so many firms
with 300 answers each, and times, each as a process of its own: `make` (the database to the
snapshot), `request` (asking for a run once there is one), `open` (the data from the snapshot,
held to every hash) and `profile` (what it says of its variables, without the data). The number
of rows and columns and the sum of all answers read back are held against what was made. Prints
JSON; exit code 1 if they differ or a bar is missed.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

BARS = {"make": 60.0, "request": 1.0, "open": 5.0, "profile": 0.5}
BAR_MB = 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://…/name")
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--step", choices=sorted(BARS), help=argparse.SUPPRESS)
    parser.add_argument("--wave", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": options.database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    if options.step is None:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["MILIEU_SNAPSHOTS"] = folder
            return _measured(options.database, options.firms)
    import django

    django.setup()
    # A process of the site, or a worker, has loaded its libraries before anybody asks.
    import analysis.actions
    import analysis.estimation  # noqa: F401

    sys.stdout.write(json.dumps(_timed(_STEPS[options.step], options.wave)) + "\n")
    return 0


def _measured(database: str, firms: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.export_made import VARIABLES, make
    from surveys.models import Wave

    call_command("migrate", verbosity=0)
    survey, answers = make(firms, waves=1)
    wave = Wave.objects.get(survey__slug=survey).pk
    told = {step: _step(step, database, wave) for step in BARS}
    found = told["open"].pop("found")
    as_made = found == {"rows": firms, "columns": VARIABLES, "sum": answers}
    held = all(told[step]["seconds"] <= bar for step, bar in BARS.items())
    held = held and told["make"]["peak_mb"] <= BAR_MB
    sys.stdout.write(
        json.dumps({"firms": firms, **told, "as_made": as_made, "bars_held": held}, indent=2) + "\n"
    )
    return 0 if as_made and held else 1


def _step(step: str, database: str, wave: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.snapshots", "--database", database]
    command += ["--step", step, "--wave", str(wave)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- ours
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _timed(work: Callable[[Any], dict[str, Any]], key: int) -> dict[str, Any]:
    from surveys.models import Wave

    wave = Wave.objects.select_related("survey", "instrument").get(pk=key)
    begun, used = time.monotonic(), time.process_time()
    told = work(wave)
    return {
        "seconds": round(time.monotonic() - begun, 3),
        "processor_seconds": round(time.process_time() - used, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        **told,
    }


def _make(wave: Any) -> dict[str, Any]:
    from django.utils import timezone

    from analysis.actions.snapshots import make_snapshot

    made, _ = make_snapshot(wave=wave, at=timezone.now())
    return {"file_mb": round(made.bytes / 1e6, 1)}


def _request(wave: Any) -> dict[str, Any]:
    from django.utils import timezone

    from analysis.actions.requests import request
    from tests.analysis.answered import PLAN, make_plan_version

    version = make_plan_version(wave, PLAN, f"benchmark-{time.monotonic_ns()}")
    begun = time.monotonic()
    run, _ = request(plan_version=version, by=None, at=timezone.now())
    assert run.extract_fingerprint, "the snapshot was not found"
    return {"seconds": round(time.monotonic() - begun, 3)}


def _open(wave: Any) -> dict[str, Any]:
    from analysis.actions.snapshots import current_snapshot, snapshot_dataset

    held = current_snapshot(wave)
    assert held is not None
    dataset = snapshot_dataset(held.fingerprint)
    assert dataset is not None
    rows, columns = dataset.frame.shape
    total = sum(float(dataset.frame[name].sum()) for name in dataset.frame.columns)
    return {"found": {"rows": rows, "columns": columns, "sum": total}}


def _profile(wave: Any) -> dict[str, Any]:
    from analysis.actions.snapshots import current_snapshot, snapshot_profile

    held = current_snapshot(wave)
    assert held is not None
    return {"variables": len(snapshot_profile(held).variables)}


_STEPS = {"make": _make, "request": _request, "open": _open, "profile": _profile}


if __name__ == "__main__":
    raise SystemExit(main())
