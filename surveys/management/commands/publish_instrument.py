"""Publish an instrument from a file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from surveys import questionnaire
from surveys.actions import instruments
from surveys.management.instrument_files import text_of
from surveys.management.quick_command import QuickCommand
from surveys.questionnaire.reading import LARGEST_FILE


class Command(QuickCommand):
    help = "Publish the instrument in FILE; prints what was published, or every problem, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            text = text_of(file, LARGEST_FILE)
            published = instruments.publish(text=text, by=None, at=timezone.now())
        except questionnaire.InstrumentErrors as error:
            self._refuse(error.problems)
        except instruments.VersionTaken as error:
            self._refuse((error.problem,))
        self._write(
            {
                "instrument": published.name,
                "version": published.version,
                "title": published.title,
                "fingerprint": published.fingerprint,
                "published_at": published.published_at.isoformat(),
            }
        )

    def _refuse(self, problems: tuple[questionnaire.Problem, ...]) -> None:
        self._write(
            {
                "problems": [
                    {
                        "code": problem.code,
                        "where": problem.where,
                        "message": problem.message,
                        "remedy": problem.remedy,
                    }
                    for problem in problems
                ]
            }
        )
        sys.exit(1)

    def _write(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
