"""Which snapshots of data are kept."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from analysis.management.snapshots import add_wave, line_of, snapshots_of, told


class Command(BaseCommand):
    help = "List the snapshots of data that runs are on: of all surveys, of one, or of a wave."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_wave(parser)
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = list(snapshots_of(options))
        if options["json"]:
            listed = [told(each) | {"is_waited_for": each.is_waited_for} for each in kept]
            self.stdout.write(json.dumps(listed, indent=2))
            return
        for each in kept:
            waited = "  a run waits for it" if each.is_waited_for else ""
            self.stdout.write(f"{line_of(each)}{waited}")
        self.stdout.write(f"{len(kept)} in all, {sum(each.bytes for each in kept) / 1e6:.1f} MB.")
