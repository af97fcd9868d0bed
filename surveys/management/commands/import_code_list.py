"""Keep a code list of a survey from a file."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from surveys.actions.code_lists import upload
from surveys.management.quick_command import QuickCommand
from surveys.microdata import MicrodataRefused
from surveys.models import Survey


class Command(QuickCommand):
    help = (
        "Keep the codes in FILE (CSV or XLSX) as a version of a list of a survey; prints what "
        "was kept, or the problems, as JSON."
    )

    def create_parser(self, prog_name: str, subcommand: str, **more: Any) -> CommandParser:
        """Django's own --version, the release of Django, gives way to the list's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **more)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--version", required=True)
        parser.add_argument("--title", required=True)

    def handle(self, *, file: Path, **options: Any) -> None:
        survey = Survey.objects.filter(slug=options["survey"]).first()
        if survey is None:
            raise CommandError(f"There is no survey {options['survey']!r}.")
        try:
            kept = upload(
                survey=survey,
                name=options["name"],
                version=options["version"],
                title=options["title"],
                data=file.read_bytes(),
                by=None,
                at=timezone.now(),
            )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except MicrodataRefused as refused:
            report = refused.report
            problems = [asdict(problem) for problem in report.shown]
            self._write({"problems": problems, "count": report.total})
            sys.exit(1)
        told = {"list": f"{kept.name}@{kept.version}", "title": kept.title}
        self._write(told | {"codes": len(kept.codes), "fingerprint": kept.fingerprint})

    def _write(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
