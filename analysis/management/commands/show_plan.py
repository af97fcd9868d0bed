"""Show one plan of the library: what it is for, or its text."""

import difflib
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.views.library import LibraryPlan, library_plans


class Command(BaseCommand):
    """Prints the plan's text; with --json what it is for and its models."""

    help = "Show a plan of the library: its YAML, to be changed and run; with --json its theory."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as list_plans has it")
        parser.add_argument("--json", action="store_true", help="print theory and models as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        entry = _named(options["name"])
        if not options["json"]:
            self.stdout.write(entry.plan.source)
            return
        theory = entry.plan.theory
        document = {
            "name": entry.name,
            "title": entry.plan.title,
            "about": entry.plan.about,
            "fingerprint": entry.plan.fingerprint,
            "theory": theory.document() if theory else None,
            "models": [
                {
                    "name": each.name,
                    "estimator": each.estimator,
                    "formula": f"{each.outcome} ~ {each.formula}",
                    "tests": [str(test.about[0]) for test in each.tests],
                }
                for each in entry.plan.specifications
            ],
            "curve": entry.plan.curve.count if entry.plan.curve else 0,
        }
        self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))


def _named(name: str) -> LibraryPlan:
    plans = {each.name: each for each in library_plans()}
    if name in plans:
        return plans[name]
    close = difflib.get_close_matches(name, plans, n=1)
    meant = f" Did you mean {close[0]}?" if close else " list_plans lists them."
    raise CommandError(f"The library has no plan {name!r}.{meant}")
