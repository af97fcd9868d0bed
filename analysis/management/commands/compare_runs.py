import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.comparison.runs import Compared, compared, document_of, numbers_csv
from analysis.management.runs import finished_run, write
from analysis.models import Run
from analysis.views.compare import side


class Command(BaseCommand):
    """Prints what changed; with --json everything, with --csv the numbers."""

    help = "Set two finished runs side by side: data, plan, code, numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", help="a run's number, or its first characters")
        parser.add_argument("second", help="another's")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--csv", type=Path, help="write the numbers to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = [finished_run(options[name]) for name in ("first", "second")]
        _refuse_apart(runs)
        found = compared(*(side(run) for run in runs))
        if options["csv"] is not None:
            write(numbers_csv(found), options["csv"], self.stdout)
        if options["json"]:
            document = document_of(found, with_text=True)
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        elif options["csv"] is None:
            self.stdout.write(_in_words(found))


def _refuse_apart(runs: list[Run]) -> None:
    if len({run.plan_version.plan.wave.survey_id for run in runs}) > 1:
        raise CommandError("The runs are of two surveys: only runs of one can be compared.")


def _in_words(found: Compared) -> str:
    same = [
        f"{words}: {'the same' if is_same else 'changed'}"
        for words, is_same in (
            ("Data", found.same_data),
            ("Plan", found.same_plan),
            ("Code", found.same_code),
        )
    ]
    count = (
        f"Numbers: {found.changed} of the {found.shared} in both runs differ by more than "
        f"rounding, {found.alone} are in one run only"
    )
    return "\n".join([found.first.name, found.second.name, *same, count, found.caution])
