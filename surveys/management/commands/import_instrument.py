"""Import an instrument of another system, or a file in the language of instruments."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import instruments
from surveys.interchange.formats import FORMATS, guess_format, read_as
from surveys.interchange.imported import Imported
from surveys.interchange.limits import refuse_size
from surveys.interchange.problems import UnreadableFile
from surveys.interchange.report import problems_report, report
from surveys.management.instrument_files import write
from surveys.management.quick_command import QuickCommand
from surveys.queries import code_lists
from surveys.questionnaire import Instrument, InstrumentErrors, Problem, compile_document
from surveys.questionnaire.editing.text import document_text
from surveys.questionnaire.linting.lint import lint


class Command(QuickCommand):
    help = (
        "Import the questionnaire in FILE and publish it; the report tells what came in and "
        "what is kept in another form. Prints problems as JSON, with status 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=FORMATS, help="guessed if it is not given")
        parser.add_argument("--check", action="store_true", help="report and publish nothing")
        parser.add_argument("--report", type=Path, help="write the report to this JSON file")
        parser.add_argument("--output", type=Path, help="write the instrument to this YAML file")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            imported, instrument = _read(file, options["format"])
            if options["output"] is not None:
                write(options["output"], document_text(imported.document))
            told = report(imported, instrument, lint(instrument))
            if not options["check"]:
                told |= _published(imported)
        except (UnreadableFile, InstrumentErrors) as error:
            self._refuse(error.problems, options["report"])
        except instruments.VersionTaken as error:
            self._refuse((error.problem,), options["report"])
        self._tell(told, options["report"])

    def _refuse(self, problems: Sequence[Problem], at: Path | None) -> None:
        told = problems_report(problems)
        if at is not None:
            write(at, _text(told))
        self.stdout.write(_text(told))
        sys.exit(1)

    def _tell(self, told: dict[str, Any], at: Path | None) -> None:
        """All of it to the file; without the long lists, and how long they are, to the screen."""
        if at is None:
            self.stdout.write(_text(told))
            return
        write(at, _text(told))
        counts = {key: len(told[key]) for key in ("unsupported", "warnings")}
        variables = told["output_variables"]["count"]
        brief = {**told, **counts, "output_variables": variables, "report": str(at)}
        self.stdout.write(_text(brief))


def _read(file: Path, named: str | None) -> tuple[Imported, Instrument]:
    """The file as a document and as the instrument that it compiles to."""
    try:
        refuse_size(file.stat().st_size)
        data = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    imported = read_as(named or guess_format(file.name, data), data)
    return imported, compile_document(imported.document, code_lists=code_lists.find)


def _published(imported: Imported) -> dict[str, Any]:
    published = instruments.publish_document(document=imported.document, by=None, at=timezone.now())
    return {
        "fingerprint": published.fingerprint,
        "published_at": published.published_at.isoformat(),
    }


def _text(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
