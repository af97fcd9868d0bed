"""Load and compare made frames: `python -m benchmarks.frame [--units N] [--kind csv]`.

A first version, a next one with 5 % of the firms new, 5 % gone, 2 % in another region and 1 %
renamed, what changed between them, and a file with one identifier only. Uses DATABASE_URL; makes
a survey of its own there and leaves it.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import pyarrow
import pyarrow.parquet
import xlsxwriter
from django.core.files import File
from django.db import connection
from django.utils import timezone

from surveys.actions import frames
from surveys.frames import mapping_of
from surveys.models import Frame, FrameUpload, Survey
from surveys.queries.frames import CHANGES, change_counts, changed_units

COLUMNS = [
    *("register_id", "name", "nace", "region", "employees", "turnover"),
    *("group", "contact person", "email", "phone", "address", "lang"),
]


def rows(units: int, *, start: int, duplicated: bool, changed: bool) -> Iterator[list[object]]:
    for n in range(start, start + units):
        key = 0 if duplicated else n
        moved, renamed = changed and n % 50 == 0, changed and n % 100 == 1
        yield [
            f"NO{key:09}",
            f"Firma nummer {n} på Ås {'ASA' if renamed else 'AS'}",
            f"{10 + n % 80}.{n % 90 + 10}",
            f"NO0{(n + moved) % 10:02}",
            10 + n * 7919 % 990,
            round(n * 13.7 % 1e6, 1),
            f"K{n % 5000}" if n % 9 == 0 else "",
            f"Kontakt {n}",
            f"office-{n}@firms.example",
            f"+47 {n:08}",
            f"Storgata {n % 200}, {n % 9999:04} Sted",
            "nb",
        ]


def write(path: Path, firms: Iterator[list[object]], strings: str) -> None:
    if path.suffix == ".xlsx":
        write_xlsx(path, firms, strings)
    else:
        {".csv": write_csv, ".parquet": write_parquet}[path.suffix](path, firms)


def write_csv(path: Path, firms: Iterator[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(firms)


def write_xlsx(path: Path, firms: Iterator[list[object]], strings: str) -> None:
    """Texts within their cells, or, as spreadsheets save them, each once in a table of its own."""
    with xlsxwriter.Workbook(path, {"constant_memory": strings == "inline"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        for number, firm in enumerate(firms, start=1):
            sheet.write_row(number, 0, firm)


def write_parquet(path: Path, firms: Iterator[list[object]]) -> None:
    """All in one row group, which is the worst that a program may do."""
    columns = list(zip(*firms, strict=True))
    table = pyarrow.table({name: list(cells) for name, cells in zip(COLUMNS, columns, strict=True)})
    pyarrow.parquet.write_table(table, path, row_group_size=len(columns[0]))


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load(survey: Survey, path: Path) -> FrameUpload:
    with path.open("rb") as file:
        upload = frames.receive(
            survey=survey, file=File(file), original_name=path.name, by=None, at=timezone.now()
        )
    frames.begin(upload=upload, mapping=mapping_of(upload.mapping))
    began, used = time.perf_counter(), time.process_time()
    done = frames.load(upload_id=upload.pk, at=timezone.now())
    assert done is not None
    told = {
        "file": path.name,
        "megabytes": round(path.stat().st_size / 1e6),
        "state": done.state,
        "problems": done.problems_count,
        "message": done.message,
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(time.process_time() - used, 1),
        "peak_megabytes": round(peak()),
    }
    print(json.dumps(told))
    return done


def compare(new: Frame, old: Frame) -> None:
    began = time.perf_counter()
    counts = change_counts(new, old)
    counted = time.perf_counter()
    for change in CHANGES:
        list(changed_units(new, old, change)[:50])
    told = {
        "compared": counts,
        "count_seconds": round(counted - began, 1),
        "page_seconds": round(time.perf_counter() - counted, 1),
        "events": new.events.count(),
    }
    print(json.dumps(told))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--kind", choices=("csv", "xlsx", "parquet"), default="csv")
    parser.add_argument(
        "--strings", choices=("inline", "shared"), default="inline", help="texts of a workbook"
    )
    parser.add_argument("--only", choices=("first", "versions"), help="leave out the rest")
    parser.add_argument("--write", type=Path, help="only write the file, as a process of its own")
    options = parser.parse_args()
    units = options.units
    plans = {
        "first": {"start": 0, "duplicated": False, "changed": False},
        "next": {"start": units // 20, "duplicated": False, "changed": True},
        "duplicated": {"start": 0, "duplicated": True, "changed": False},
    }
    if options.write:
        firms = rows(units, **plans[options.write.stem])
        write(options.write, firms, options.strings)
        return
    print(json.dumps({"database": connection.vendor, "units": units, "python": sys.version[:6]}))
    name = f"frame-benchmark-{uuid4().hex[:8]}"
    survey = Survey.objects.create(slug=name, title="Made survey of a benchmark")
    wanted = {"first": 1, "versions": 2}.get(options.only, 3)
    with tempfile.TemporaryDirectory() as folder:
        for label in list(plans)[:wanted]:
            path = Path(folder) / f"{label}.{options.kind}"
            # Apart, so that its memory is not counted.
            command = [sys.executable, "-m", "benchmarks.frame", "--units", str(units)]
            command += ["--strings", options.strings, "--write", str(path)]
            subprocess.run(command, check=True)  # noqa: S603 -- our own
            done = load(survey, path)
            if done.frame is not None and done.frame.previous is not None:
                compare(done.frame, done.frame.previous)


if __name__ == "__main__":
    main()
