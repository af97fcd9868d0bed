"""Draw 100,000 of a frame of 1,000,000 in a database: `python -m benchmarks.draw`.

Needs DATABASE_URL of a database to make and throw away tables in: the made frame is
written within a transaction that is rolled back at the end.
"""

import argparse
import os
import resource
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from datetime import date

import numpy as np
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from surveys.actions import samples
from surveys.models import Frame, Survey, Unit, Wave


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=1_000_000)
    options.add_argument("--cases", type=int, default=100_000)
    options.add_argument("--bar", type=float, default=60.0, help="seconds")
    asked = options.parse_args()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        seconds = _drawn(asked.units, asked.cases)
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = "held" if seconds["draw"] <= asked.bar else "MISSED"
    print(f"frame written {seconds['frame']:.1f} s (not measured)")
    print(f"plan          {seconds['plan']:.1f} s")
    print(f"draw          {seconds['draw']:.1f} s, bar {asked.bar:g} s: {held}")
    print(f"peak memory   {peak:.0f} MB")


def _drawn(units: int, cases: int) -> dict[str, float]:
    began = time.perf_counter()
    wave = _wave(units)
    framed = time.perf_counter()
    document = {
        "strata": {
            "size": {"measure": "employees", "bounds": [10, 50, 250]},
            "take_all": ["250 or more"],
            "collapse": {"below": 20},
        },
        "allocation": {"method": "power", "total": cases, "power": 0.7},
        "seed": 1,
    }
    samples.plan(wave=wave, document=document, by=None, at=timezone.now())
    planned = time.perf_counter()
    drawn = samples.draw(wave=wave, by=None, at=timezone.now())
    if len(drawn) != cases or wave.cases.count() != cases:
        raise SystemExit(f"{len(drawn)} cases instead of {cases}")
    ended = time.perf_counter()
    return {"frame": framed - began, "plan": planned - framed, "draw": ended - planned}


def _wave(units: int) -> Wave:
    chance = np.random.default_rng(1)
    survey = Survey.objects.create(slug="draw-benchmark", title="Benchmark of the draw")
    frame = Frame.objects.create(survey=survey, name="Made", fingerprint="0" * 64)
    at_once = 50_000
    for first in range(0, units, at_once):
        size = np.exp(chance.normal(2.2, 1.5, at_once)).astype(int).tolist()
        numbers = chance.random(at_once).tolist()
        industry = chance.integers(60, size=at_once).tolist()
        region = chance.integers(20, size=at_once).tolist()
        Unit.objects.bulk_create(
            [
                Unit(
                    frame=frame,
                    register_id=f"NO{first + n:09}",
                    name=f"Firm {first + n}",
                    size_class="all",
                    industry=f"{industry[n]:02}",
                    region=f"R{region[n]:02}",
                    employees=size[n],
                    permanent_random_number=numbers[n],
                )
                for n in range(min(at_once, units - first))
            ],
            batch_size=5_000,
        )
    return Wave.objects.create(
        survey=survey,
        slug="wave",
        title="Wave",
        reference_first_year=2023,
        reference_last_year=2025,
        field_start=date(2026, 9, 1),
        field_end=date(2026, 12, 31),
        frame=frame,
    )


if __name__ == "__main__":
    main()
