"""Write a questionnaire for paper, as PDF or as HTML."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from surveys import questionnaire
from surveys.exports import paper
from surveys.exports.pdf import PdfUnavailable
from surveys.management.instrument_files import document_of, told
from surveys.management.quick_command import QuickCommand
from surveys.queries import code_lists
from surveys.queries.languages import speech_of
from surveys.questionnaire.instrument import Instrument
from surveys.views.speaking import spoken

_WRITERS = (".pdf", ".html")


class Command(QuickCommand):
    help = "Write a questionnaire for paper, as PDF or as HTML."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instrument", help="a file, or NAME@VERSION of a published one")
        parser.add_argument("--language", default="", help="one that the instrument has")
        parser.add_argument("--output", required=True, help="FILE.pdf or FILE.html")

    def handle(self, *_args: Any, **options: Any) -> None:
        target = Path(options["output"])
        if target.suffix not in _WRITERS:
            raise CommandError("The output ends in .pdf or .html.")
        instrument = _instrument(options["instrument"], options["language"])
        with spoken(instrument.language):
            try:
                made = (
                    paper.as_pdf(instrument)
                    if target.suffix == ".pdf"
                    else paper.as_html(instrument).encode()
                )
            except PdfUnavailable as refusal:
                raise CommandError(str(refusal)) from None
        try:
            target.write_bytes(made)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{target}: {len(made)} bytes, language {instrument.language}")


def _instrument(named: str, language: str) -> Instrument:
    """The instrument in the language. Raises CommandError."""
    document = document_of(named)
    try:
        found = questionnaire.compile_document(
            document, code_lists=code_lists.find, speech_of=speech_of
        )
        languages = found.languages or (found.language,)
        if not language or language == found.language:
            return found
        if language not in languages:
            raise CommandError(
                f"The instrument has no language {language!r}; it has {', '.join(languages)}."
            )
        return questionnaire.compile_document(
            document, language=language, code_lists=code_lists.find, speech_of=speech_of
        )
    except questionnaire.InstrumentErrors as error:
        raise CommandError(told(named, error)) from None
