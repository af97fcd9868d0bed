"""Write the replication package of a run to a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions
from analysis.management.runs import finished_run, write
from analysis.refusals import Refusal


class Command(BaseCommand):
    """The page “Replication package” of the run."""

    help = "Write the replication package of a run: data, codebook, plan, R and Python scripts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="a run's number, or its first characters")
        parser.add_argument("--out", type=Path, required=True, help="the ZIP file to write")
        parser.add_argument(
            "--data", choices=("synthetic", "pseudonymised"), default="synthetic",
            help="which data go out, as far as the survey lets them",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        run = finished_run(options["run"])
        try:
            made = actions.make_package(run=run, kind=options["data"], by=None, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        write(made.content, options["out"], self.stdout)
        told = {
            "run": str(run.pk),
            "data": made.kind,
            "file": str(options["out"]),
            "bytes": len(made.content),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2))
        else:
            self.stdout.write(f"{told['file']}: {told['bytes']:,} bytes, {made.kind} data.")
