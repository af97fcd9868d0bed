"""Print the fieldwork of a wave."""

import json
from argparse import ArgumentParser
from typing import Any

from surveys.exports import delimited
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.queries.reports import fieldwork_report, fieldwork_rows


class Command(WaveCommand):
    help = "Cases by stratum and disposition, and outcome rates, as JSON or CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=("json", "csv"), default="json")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        if options["format"] == "csv":
            content = delimited.render(*fieldwork_rows(wave)).decode()
            self.stdout.write(content.replace("\r\n", "\n"), ending="")
        else:
            self.stdout.write(json.dumps(fieldwork_report(wave), indent=2, ensure_ascii=False))
