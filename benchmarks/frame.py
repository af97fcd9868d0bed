"""Load a made frame of 1,000,000 firms from CSV: `python -m benchmarks.frame [--units N]`.

Uses DATABASE_URL; makes a survey of its own there and leaves it.
"""

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.files import File
from django.db import connection
from django.utils import timezone

from surveys.actions import frames
from surveys.frames import mapping_of
from surveys.models import FrameUpload, Survey

COLUMNS = [
    *("register_id", "name", "nace", "region", "employees", "turnover"),
    *("group", "contact person", "email", "phone", "address", "lang"),
]


def write(path: Path, units: int, *, start: int, duplicated: bool) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(start, start + units):
            key = 0 if duplicated else n
            writer.writerow(
                [
                    f"NO{key:09}",
                    f"Firma nummer {n} på Ås AS",
                    f"{10 + n % 80}.{n % 90 + 10}",
                    f"NO0{n % 10:02}",
                    10 + n * 7919 % 990,
                    round(n * 13.7 % 1e6, 1),
                    f"K{n % 5000}" if n % 9 == 0 else "",
                    f"Kontakt {n}",
                    f"office-{n}@firms.example",
                    f"+47 {n:08}",
                    f"Storgata {n % 200}, {n % 9999:04} Sted",
                    "nb",
                ]
            )


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load(survey: Survey, path: Path) -> FrameUpload:
    with path.open("rb") as file:
        upload = frames.receive(
            survey=survey, file=File(file), original_name=path.name, by=None, at=timezone.now()
        )
    frames.begin(upload=upload, mapping=mapping_of(upload.mapping))
    began = time.perf_counter()
    done = frames.load(upload_id=upload.pk, at=timezone.now())
    assert done is not None
    told = {
        "file": path.name,
        "megabytes": round(path.stat().st_size / 1e6),
        "state": done.state,
        "problems": done.problems_count,
        "message": done.message,
        "seconds": round(time.perf_counter() - began, 1),
        "peak_megabytes": round(peak()),
    }
    print(json.dumps(told))
    return done


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=1_000_000)
    units = parser.parse_args().units
    print(json.dumps({"database": connection.vendor, "units": units, "python": sys.version[:6]}))
    name = f"frame-benchmark-{uuid4().hex[:8]}"
    survey = Survey.objects.create(slug=name, title="Made survey of a benchmark")
    with tempfile.TemporaryDirectory() as folder:
        for label, start, duplicated in (
            ("first", 0, False),
            ("next", units // 20, False),
            ("duplicated", 0, True),
        ):
            path = Path(folder) / f"{label}.csv"
            write(path, units, start=start, duplicated=duplicated)
            load(survey, path)


if __name__ == "__main__":
    main()
