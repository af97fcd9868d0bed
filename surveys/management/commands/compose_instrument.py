"""Put an instrument together from shipped modules, as an authored file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandError, CommandParser

from surveys import questionnaire
from surveys.management.quick_command import QuickCommand
from surveys.queries import code_lists
from surveys.queries.modules import library
from surveys.questionnaire.currencies import EURO, is_currency
from surveys.questionnaire.editing.text import document_text
from surveys.questionnaire.modules import compose


class Command(QuickCommand):
    help = (
        "Put an instrument together from modules of the core instrument, and those that they "
        "need. Prints the file, or writes it and prints as JSON what it holds."
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Django's own --version gives way to that of the instrument."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--modules", required=True, help="names, with commas between, or all")
        parser.add_argument("--name", required=True, help="short name, such as my-survey")
        parser.add_argument("--version", required=True, help="version of the instrument")
        parser.add_argument("--title", required=True)
        parser.add_argument("--currency", default=EURO, help="of all money, EUR if not given")
        parser.add_argument("--output", type=Path, help="a file to write; standard output if not")

    def handle(self, *, output: Path | None, **options: Any) -> None:
        document = self._composed(**options)
        instrument = self._compiled(document)
        text = document_text(document)
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}") from None
        self._write(
            {
                "instrument": instrument.name,
                "version": instrument.version,
                "languages": list(instrument.languages),
                "sections": [section.name for section in instrument.sections],
                "pages": len(instrument.pages),
                "items": len(list(instrument.items)),
                "minutes": sum(section.minutes for section in instrument.sections),
                "file": str(output),
            }
        )

    def _composed(
        self, *, modules: str, name: str, version: str, title: str, currency: str, **options: Any
    ) -> dict[str, Any]:
        if not is_currency(currency):
            raise CommandError(f"{currency} is not the code of a currency, such as NOK.")
        shipped = library()
        names = list(shipped) if modules == "all" else [each.strip() for each in modules.split(",")]
        unknown = [each for each in names if each not in shipped]
        if unknown:
            raise CommandError(
                f"There is no module {', '.join(unknown)}. Modules: {', '.join(shipped)}."
            )
        try:
            chosen = [shipped[each] for each in names]
            return compose(title, name, version, chosen, library=shipped, currency=currency)
        except questionnaire.InstrumentErrors as error:
            self._refuse(error.problems)

    def _compiled(self, document: dict[str, Any]) -> questionnaire.Instrument:
        try:
            return questionnaire.compile_document(document, code_lists=code_lists.find)
        except questionnaire.InstrumentErrors as error:
            self._refuse(error.problems)

    def _refuse(self, problems: tuple[questionnaire.Problem, ...]) -> NoReturn:
        self._write({"problems": [_written(problem) for problem in problems]})
        sys.exit(1)

    def _write(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))


def _written(problem: questionnaire.Problem) -> dict[str, str]:
    return {
        "code": problem.code,
        "where": problem.where,
        "message": problem.message,
        "remedy": problem.remedy,
    }
