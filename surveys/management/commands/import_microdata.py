"""Import an existing survey's micro-data as a closed wave, or list every problem."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from surveys.actions.microdata import import_microdata
from surveys.management.quick_command import QuickCommand
from surveys.microdata import MicrodataRefused, Problem, ProblemReport
from surveys.models import Survey, Wave


class Command(QuickCommand):
    help = (
        "Import micro-data as a closed wave; make the survey if there is none of that name. "
        "Either every cell is understood, or nothing is imported, every problem is listed, and "
        "the exit code is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, or XLSX with the data on one sheet")
        parser.add_argument("--codebook", type=Path, help="CSV with columns column and meaning")
        parser.add_argument("--mapping", type=Path, required=True, help="YAML of the mapping")
        parser.add_argument("--survey", required=True, help="short name of the survey")
        parser.add_argument("--wave", required=True, help="short name of the new wave")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, **options: Any) -> None:
        as_json = options["format"] == "json"
        try:
            wave = _import(options)
        except MicrodataRefused as refused:
            report = refused.report
            if as_json:
                self.stdout.write(_report_document(report))
                raise CommandError(_summary(report)) from None
            raise CommandError("\n".join([_summary(report), *_lines(report)])) from None
        self.stdout.write(_wave_document(wave) if as_json else _sentence(wave))


@transaction.atomic
def _import(options: dict[str, Any]) -> Wave:
    """The new wave, and its survey if there was none: both or neither."""
    _check_names(options["survey"], options["wave"])
    files = {name: _read(options[name]) for name in ("file", "mapping", "codebook")}
    survey, _ = Survey.objects.get_or_create(
        slug=options["survey"], defaults={"title": options["survey"].replace("-", " ").title()}
    )
    return import_microdata(
        survey=survey,
        slug=options["wave"],
        data=files["file"] or b"",
        file_name=options["file"].name,
        mapping=files["mapping"] or b"",
        codebook=files["codebook"],
        by=None,
        at=timezone.now(),
    )


def _check_names(survey: str, wave: str) -> None:
    for option, model, name in (("--survey", Survey, survey), ("--wave", Wave, wave)):
        try:
            model._meta.get_field("slug").run_validators(name)
        except ValidationError as error:
            raise CommandError(f"{option} {name!r}: {' '.join(error.messages)}") from None


def _read(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def _summary(report: ProblemReport) -> str:
    return f"Nothing was imported: {report.total} problem{'s' if report.total != 1 else ''}."


def _lines(report: ProblemReport) -> list[str]:
    more = [f"  and {tally.words}" for tally in report.not_shown]
    return [*(_line(problem) for problem in report.shown), *more]


def _line(problem: Problem) -> str:
    place = [f"row {problem.row}"] if problem.row else []
    place += [f"column {problem.column}"] if problem.column else []
    return f"  [{problem.code}{', '.join(['', *place])}] {problem.message} {problem.remedy}"


def _report_document(report: ProblemReport) -> str:
    document = {
        "imported": False,
        "total": report.total,
        "problems": [asdict(problem) for problem in report.shown],
        "not_shown": [asdict(tally) for tally in report.not_shown],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _wave_document(wave: Wave) -> str:
    document = {
        "imported": True,
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "firms": wave.cases.count(),
        "instrument": wave.instrument.fingerprint if wave.instrument else "",
        "provenance": wave.provenance,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _sentence(wave: Wave) -> str:
    return (
        f"{wave.cases.count()} firms were imported into the wave “{wave.slug}” of the survey "
        f"“{wave.survey.slug}”: {wave.title}. Source: {wave.provenance['source']}."
    )
