"""Load a version of a survey's frame from a file, or list every problem."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import frames
from surveys.frames import FrameMapping, first_rows, mapping_of, suggest
from surveys.management.survey_command import SurveyCommand
from surveys.microdata import MicrodataRefused, ProblemReport
from surveys.models import FrameUpload, Survey


class Command(SurveyCommand):
    help = (
        "Load a version of the frame from CSV, XLSX or Parquet. Without --mapping, the mapping is "
        "guessed from the names of columns. Either every row is understood, or nothing is loaded, "
        "every problem is counted, and the exit code is 1. Prints JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="CSV, XLSX or Parquet, one row a firm")
        parser.add_argument("--mapping", type=Path, help="JSON: which column is what")
        parser.add_argument("--check", action="store_true", help="read the file, write nothing")

    def carry_out(self, survey: Survey, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} cannot be read.")
        try:
            mapping = _mapping(path, options["mapping"])
            told = _checked(path, mapping) if options["check"] else _loaded(survey, path, mapping)
        except MicrodataRefused as refused:
            told = {"usable": False, **_told(refused.report)}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
        if not told["usable"]:
            raise CommandError(f"Nothing was loaded: {told['total']} problems.")


def _mapping(path: Path, told: Path | None) -> FrameMapping:
    if told is not None:
        try:
            return mapping_of(json.loads(told.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise CommandError(f"{told} cannot be read as JSON: {error}") from None
    with path.open("rb") as file:
        table, rows = first_rows(file)
    return mapping_of(suggest(table.header, rows).document())


def _checked(path: Path, mapping: FrameMapping) -> dict[str, Any]:
    with path.open("rb") as file:
        reading = frames.check(file=file, mapping=mapping)
    return {
        "usable": not reading.problems,
        "rows": reading.rows_read,
        "mapping": mapping.document(),
        **_told(reading.problems.report()),
    }


def _loaded(survey: Survey, path: Path, mapping: FrameMapping) -> dict[str, Any]:
    with path.open("rb") as file:
        upload = frames.receive(
            survey=survey, file=File(file), original_name=path.name, by=None, at=timezone.now()
        )
    frames.begin(upload=upload, mapping=mapping)
    done = frames.load(upload_id=upload.pk, at=timezone.now())
    if done is None or done.frame is None:
        return _refused(upload, done)
    return {
        "usable": True,
        "frame": done.frame.number,
        "units": done.frame.unit_count,
        "fingerprint": done.frame.fingerprint,
        "rows": done.rows_read,
        "mapping": mapping.document(),
    }


def _refused(upload: FrameUpload, done: FrameUpload | None) -> dict[str, Any]:
    """What stood in the way; the file of a command is not kept."""
    told: dict[str, Any] = {"usable": False, "total": 1, "message": done.message if done else ""}
    if done is not None and done.problems_file:
        with done.problems_file.open("rb") as file:
            told |= {**json.load(file), "total": done.problems_count}
    frames.discard(upload=upload)
    return told


def _told(report: ProblemReport) -> dict[str, Any]:
    return {
        "total": report.total,
        "problems": [asdict(problem) for problem in report.shown],
        "not_shown": [asdict(tally) for tally in report.not_shown],
    }
