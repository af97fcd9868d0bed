"""List the background work that is not over, and tell the workers of what waits."""

import csv
import json
from argparse import ArgumentParser
from dataclasses import asdict, fields
from typing import Any

from surveys import tasks
from surveys.management.quick_command import QuickCommand
from surveys.queries.held_works import WorkLine, under_way


class Command(QuickCommand):
    help = (
        "List letters, weights, samples, lists and figures that wait for a worker or are worked "
        "on, and send a message about whatever waits, as the clock does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only list, tell nobody")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, **options: Any) -> None:
        announced = 0 if options["check"] else tasks.carry_on_waiting_work()
        works = [
            asdict(line) | {"asked_at": line.asked_at.isoformat(timespec="seconds")}
            for line in under_way()
        ]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"works": works, "announced": announced}, indent=2))
            return
        writer = csv.DictWriter(self.stdout, [each.name for each in fields(WorkLine)])
        writer.writeheader()
        writer.writerows(works)
