"""Print the fieldwork of a wave."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import snapshots
from surveys.exports import delimited
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.queries.outcomes import variables_of
from surveys.queries.reports import fieldwork_report, fieldwork_rows


class Command(WaveCommand):
    help = "Cases by stratum and disposition, and outcome rates, as JSON or CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=("json", "csv"), default="json")
        parser.add_argument("--by", default="size_class", help="variable of the frame: rates by it")
        parser.add_argument("--compute", action="store_true", help="compute the slow figures anew")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        known = [each.name for each in variables_of(wave)]
        if options["by"] not in known:
            raise CommandError(f"--by is one of {', '.join(known)}.")
        if options["compute"]:
            snapshots.refresh(wave=wave, at=timezone.now())
        if options["format"] == "csv":
            content = delimited.render(*fieldwork_rows(wave)).decode()
            self.stdout.write(content.replace("\r\n", "\n"), ending="")
        else:
            report = fieldwork_report(wave, by=options["by"])
            self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
