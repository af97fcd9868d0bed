"""Whether snapshots hold what was put into them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.actions.snapshot_care import check_snapshots
from analysis.management.snapshots import add_wave, line_of, snapshots_of, told


class Command(BaseCommand):
    help = (
        "Read snapshots whole and hold them to their hashes. Exit code 1 if one is damaged, gone, "
        "of a newer version, or cannot be reached."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_wave(parser)
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = list(check_snapshots(snapshots_of(options)))
        wrong = [each for each in checked if each.refusal is not None]
        if options["json"]:
            listed = [
                told(each.snapshot)
                | {"problem": None if each.refusal is None else each.refusal.document()}
                for each in checked
            ]
            self.stdout.write(json.dumps(listed, indent=2))
        else:
            for each in checked:
                words = "whole" if each.refusal is None else each.refusal.message
                self.stdout.write(f"{line_of(each.snapshot)}  {words}")
        if wrong:
            raise CommandError(f"{len(wrong)} of {len(checked)} snapshots cannot be used.")
