"""Write an instrument as a file for another system."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from surveys.interchange import ddi, xlsform
from surveys.management.instrument_files import document_of, instrument_of
from surveys.management.json_files import json_object_of
from surveys.management.published import with_version
from surveys.management.quick_command import QuickCommand
from surveys.queries.languages import speech_of
from surveys.questionnaire.editing.text import document_text

_FORMATS = ("yaml", "xlsform", "ddi")


class Command(QuickCommand):
    help = "Write an instrument as YAML, as an XLSForm or as a DDI codebook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="file, name or name@version of a published one")
        parser.add_argument("--format", choices=_FORMATS, required=True)
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument("--study", type=Path, help="JSON of what a codebook says of the study")

    def handle(self, *, instrument: str, output: Path, study: Path | None, **options: Any) -> None:
        about = json_object_of(study) if study else {}
        data = _written(with_version(instrument), options["format"], about)
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{output}: {len(data)} bytes")


def _written(named: str, form: str, study: dict[str, Any]) -> bytes:
    """The bytes of the file: of the document, or, for a codebook, of what it compiles to."""
    compiled = instrument_of(named)
    match form:
        case "yaml":
            return document_text(document_of(named)).encode()
        case "xlsform":
            return xlsform.write(compiled.document, speech_of=speech_of)
        case _:
            try:
                return ddi.write(compiled, study, speech_of=speech_of)
            except ddi.StudyRefused as refused:
                raise CommandError(f"--study: {refused}") from None
