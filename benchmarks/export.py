"""How long the export of a wave takes, and in how much memory.

    python -m benchmarks.export --database postgres://…/name [--firms 100000] [--processes 2]

Migrates the database that is named, which should be an empty one, makes a closed wave of so many
firms with 300 variables each, and runs `export_wave` as a process of its own. The file is then
read: its rows and columns, and the sum of every number in it, are held against what was made.
Prints JSON; exit code 1 if they differ or the time is above the bar.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BAR_SECONDS = 60.0
PAGES, A_PAGE = 20, 15
VARIABLES = PAGES * A_PAGE
_KINDS = 50
_DESIGN = 4
SURVEY, WAVE = "export", "2026"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://…/name")
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": options.database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    wanted = _make(options.firms)
    told = _exported(options.processes)
    told["as_made"] = told.pop("found") == {
        "rows": options.firms,
        "columns": 1 + VARIABLES + _DESIGN,
        "sum": wanted,
    }
    sys.stdout.write(json.dumps({"firms": options.firms, **told}, indent=2) + "\n")
    return 0 if told["as_made"] and told["seconds"] <= BAR_SECONDS else 1


def _document() -> dict[str, Any]:
    """Twenty pages of fifteen choices, half of the pages under a condition."""
    marks = [{"value": f"c{number}", "label": f"Level {number}"} for number in range(4)]
    values = {f"c{number}": number for number in range(4)}
    pages = []
    for page in range(PAGES):
        items = [
            {
                "name": f"q{number}",
                "kind": "single_choice",
                "label": f"How important is {number}?",
                "codes": "marks",
                "bind": {
                    "construct": "sourcing.importance",
                    "at": {"source": f"s{number}"},
                    "values": values,
                },
            }
            for number in range(page * A_PAGE, (page + 1) * A_PAGE)
        ]
        asked = {"when": f"q{(page - 1) * A_PAGE} = 'c1'"} if page % 2 else {}
        pages.append({"name": f"p{page}", "title": f"Page {page}", "items": items, **asked})
    section = {"name": "all", "title": "All", "pages": pages}
    return {
        "instrument": "export",
        "version": "1",
        "title": "Export",
        "codes": {"marks": marks},
        "sections": [section],
    }


def _answers(kind: int) -> dict[str, str]:
    return {f"q{number}": f"c{(number * 7 + kind) % 4}" for number in range(VARIABLES)}


def _counted(answers: dict[str, str]) -> int:
    """The sum of what is on the route: a page under a condition counts where it holds."""
    total = 0
    for page in range(PAGES):
        if page % 2 and answers[f"q{(page - 1) * A_PAGE}"] != "c1":
            continue
        total += sum(int(answers[f"q{n}"][1]) for n in range(page * A_PAGE, (page + 1) * A_PAGE))
    return total


def _make(firms: int) -> int:
    """A closed wave of the firms; the sum of all values and design numbers of its file."""
    from django.utils import timezone

    from surveys.actions.instruments import publish_document
    from surveys.models import Survey
    from tests.factories import (
        make_case,
        make_response,
        make_stratum,
        make_survey,
        make_wave,
    )

    Survey.objects.filter(slug=SURVEY).delete()
    now = timezone.now()
    survey = make_survey(SURVEY)
    instrument = publish_document(document=_document(), by=None, at=now, survey=survey)
    wave = make_wave(survey, WAVE, instrument=instrument, state="closed", closed_at=now)
    stratum = make_stratum(wave, "all", population=4 * firms, drawn=firms)
    kinds = [_answers(kind) for kind in range(_KINDS)]
    for number, answers in enumerate(kinds):
        case = make_case(wave, stratum, f"F{number:06}", design_weight=4.0, disposition="complete")
        make_response(case, answers, submitted_at=now, reference=f"R{number:06}", revision=PAGES)
    _multiply(wave.pk, firms)
    said = [_counted(each) for each in kinds]
    return sum(said[number % _KINDS] for number in range(firms)) + firms * (4 + 4 * firms)


def _multiply(wave: int, firms: int) -> None:
    """Copies of the first cases and of their responses until there are so many."""
    from django.db import connection

    from surveys.models import Case, Response

    made = {"pseudonym": "'F' || lpad(n::text, 6, '0')", "public_id": "gen_random_uuid()"}
    cases, chosen = _columns(Case, "former", made)
    given = {"case_id": "case_.id", "reference": "'R' || substr(case_.pseudonym, 2)"}
    responses, answered = _columns(Response, "answered", given)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO surveys_case ({cases}) SELECT {chosen} FROM generate_series(%s, %s) n"  # noqa: S608 -- our own columns
            " JOIN surveys_case former ON former.wave_id = %s"
            " AND former.pseudonym = 'F' || lpad((n %% %s)::text, 6, '0')",
            [_KINDS, firms - 1, wave, _KINDS],
        )
        cursor.execute(
            f"INSERT INTO surveys_response ({responses}) SELECT {answered} FROM surveys_case case_"  # noqa: S608 -- our own columns
            " JOIN surveys_case former ON former.wave_id = case_.wave_id AND former.pseudonym ="
            " 'F' || lpad((substr(case_.pseudonym, 2)::int %% %s)::text, 6, '0')"
            " JOIN surveys_response answered ON answered.case_id = former.id"
            " WHERE case_.wave_id = %s AND case_.id <> former.id",
            [_KINDS, wave],
        )
        cursor.execute("ANALYZE surveys_case, surveys_response")


def _columns(model: Any, source: str, instead: dict[str, str]) -> tuple[str, str]:
    """The columns of a table but its key, and where each comes from."""
    names = [each.column for each in model._meta.concrete_fields if not each.primary_key]
    taken = [instead.get(name, f'{source}."{name}"') for name in names]
    return ", ".join(f'"{name}"' for name in names), ", ".join(taken)


def _exported(processes: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "wave.csv"
        command = [sys.executable, "manage.py", "export_wave", "--survey", SURVEY]
        command += ["--wave", WAVE, "--out", str(target), "--processes", str(processes)]
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
            "found": _read(target),
        }


def _read(path: Path) -> dict[str, int]:
    """Rows, columns, and the sum of every number but those of the pseudonym and the labels."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        texts = {header.index(name) for name in ("pseudonym", "stratum", "cluster")}
        numbers = [place for place in range(len(header)) if place not in texts]
        rows = total = 0
        for row in reader:
            rows += 1
            total += sum(int(row[place]) for place in numbers if row[place])
    return {"rows": rows, "columns": len(header), "sum": total}


if __name__ == "__main__":
    raise SystemExit(main())
