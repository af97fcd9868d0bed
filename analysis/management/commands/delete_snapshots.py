"""Make room where snapshots are kept."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analysis.actions.snapshot_care import delete_snapshots
from analysis.management.snapshots import add_wave, line_of, snapshots_of, told


class Command(BaseCommand):
    help = (
        "Delete snapshots that are older than so many days and that no unfinished run waits for. "
        "Results of runs stay; a run of the same data is possible as long as the wave has them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_wave(parser)
        parser.add_argument("--older-than", type=_days, required=True, metavar="DAYS")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        before = timezone.now() - timedelta(days=options["older_than"])
        deleted = delete_snapshots(snapshots_of(options), made_before=before)
        if options["json"]:
            self.stdout.write(json.dumps([told(each) for each in deleted], indent=2))
            return
        for each in deleted:
            self.stdout.write(line_of(each))
        self.stdout.write(f"{len(deleted)} deleted.")


def _days(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError("a whole number of days, 0 or more")
    return int(text)
