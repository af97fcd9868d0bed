"""How long exports take, and in how much memory.

    python -m benchmarks.export --database postgres://…/name [--what csv] [--firms 100000]

Migrates the database that is named, one for this alone, makes closed waves of so many
firms with 300 answers each, and runs the command as a process of its own: `export_wave` to CSV
(`--what csv`, by `--processes`) or to a workbook (`xlsx`), `export_answers` (`answers`), or
`export_panel` of two waves (`panel`). The file is then read: its rows and columns, and the sum of
every number in it, are held against what was made. Prints JSON; exit code 1 if they differ or the
time is above the bar.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import argparse
import csv
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.export_made import VARIABLES, WAVES, make

BAR_SECONDS = 60.0

Found = dict[str, float]


@dataclass(frozen=True)
class Export:
    """One way to take data out.

    `columns` beside the variables; `rows` a firm; `design` is the sum of the numbers in a row
    that are no answers, for so many firms of which each stands for four.
    """

    command: str
    file: str
    read: Callable[[Path], Found]
    columns: int
    rows: int = 1
    design: Callable[[int], float] = lambda _firms: 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://…/name")
    parser.add_argument("--what", choices=sorted(_EXPORTS), default="csv")
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2, help="of --what csv")
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": options.database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    export, firms = _EXPORTS[options.what], options.firms
    survey, answers = make(firms, waves=export.rows)
    told = _exported(export, survey, options.processes if options.what == "csv" else 1)
    told["as_made"] = told.pop("found") == {
        "rows": export.rows * firms,
        "columns": VARIABLES + export.columns,
        "sum": export.rows * (answers + firms * export.design(firms)),
    }
    sys.stdout.write(json.dumps({"what": options.what, "firms": firms, **told}, indent=2) + "\n")
    return 0 if told["as_made"] and told["seconds"] <= BAR_SECONDS else 1


def _exported(export: Export, survey: str, processes: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / export.file
        command = [sys.executable, "manage.py", export.command, "--survey", survey]
        command += ["--out", str(target)]
        if export.rows == 1:
            command += ["--wave", WAVES[-1]]
        if processes > 1:
            command += ["--processes", str(processes)]
        begun = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- ours
        seconds = time.monotonic() - begun
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "processes": processes,
            "seconds": round(seconds, 1),
            "processor_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "peak_mb_of_the_largest_process": round(usage.ru_maxrss / 1024),
            "file_mb": round(target.stat().st_size / 1e6, 1),
            "found": export.read(target),
        }


def _read(path: Path) -> Found:
    """Rows, columns, and the sum of every number but those of names, labels and years."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        texts = {"pseudonym", "stratum", "cluster", "firm", "wave", "reference_last_year"}
        numbers = [place for place, name in enumerate(header) if name not in texts]
        rows, total = 0, 0.0
        for row in reader:
            rows += 1
            total += sum(float(row[place]) for place in numbers if row[place])
    return {"rows": rows, "columns": len(header), "sum": total}


def _read_answers(path: Path) -> Found:
    """As `_read`; the codes c0 to c3 count as their numbers, those of what is missing not."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        rows = total = 0
        for row in reader:
            rows += 1
            total += sum(int(cell[1]) for cell in row[-VARIABLES:] if cell[0] == "c")
    return {"rows": rows, "columns": len(header), "sum": total}


def _read_workbook(path: Path) -> Found:
    """As `_read`, of the first sheet: its numbers are the cells that hold no text."""
    rows, columns, total, rest = 0, 0, 0.0, b""
    with zipfile.ZipFile(path) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        while piece := sheet.read(1 << 20):
            whole, end, rest = (rest + piece).rpartition(b"</row>")
            columns = columns or whole.partition(b"</row>")[0].count(b"<c ")
            rows += (whole + end).count(b"</row>")
            total += sum(map(float, re.findall(rb"<v>([^<]*)</v>", whole)))
    return {"rows": rows - 1, "columns": columns, "sum": total}


_OF_WAVE: Callable[[int], float] = lambda firms: 4 + 4 * firms  # noqa: E731 -- weight, population
_EXPORTS = {
    "csv": Export("export_wave", "wave.csv", _read, columns=5, design=_OF_WAVE),
    "xlsx": Export("export_wave", "wave.xlsx", _read_workbook, columns=5, design=_OF_WAVE),
    "answers": Export("export_answers", "answers.csv", _read_answers, columns=4),
    # The weight of the wave, and that of the panel, in which every firm stayed.
    "panel": Export("export_panel", "panel.csv", _read, columns=7, rows=2, design=lambda _: 8),
}


if __name__ == "__main__":
    raise SystemExit(main())
