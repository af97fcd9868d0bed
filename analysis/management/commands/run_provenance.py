import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from analysis.management.runs import finished_run, write
from analysis.views.provenance import document_of


class Command(BaseCommand):
    """Prints W3C PROV-JSON."""

    help = "Tell where each number of a finished run is from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="a run's number, or its first characters")
        parser.add_argument("--json", action="store_true", help="as it is without it, too")
        parser.add_argument("--output", type=Path, help="a file; without one it is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        run = finished_run(options["run"])
        text = json.dumps(document_of(run), ensure_ascii=False, indent=1, allow_nan=False)
        write(text, options["output"], self.stdout)
