"""Approve the results of a run, or reject them, as a person of the survey."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions
from analysis.extracts import User
from analysis.management.commands.list_output_checks import document_of
from analysis.management.runs import finished_run
from analysis.refusals import Refusal

_VERDICTS = {"approve": "approved", "reject": "rejected"}


class Command(BaseCommand):
    """The decision on the page “Output check”; the same rules hold."""

    help = "Decide on the output of a run; who made it cannot."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="a run's number, or its first characters")
        parser.add_argument("verdict", choices=tuple(_VERDICTS))
        parser.add_argument("--by", required=True, help="user name of who decides")
        parser.add_argument("--reason", default="", help="kept with the decision")
        parser.add_argument("--seen", help="only if the check is still the one listed as that")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        run = finished_run(options["run"], unreleased=True)
        try:
            person = User.objects.get(username=options["by"])
        except User.DoesNotExist:
            raise CommandError(f"There is no account {options['by']!r}.") from None
        try:
            made = actions.decide(
                run=run,
                decision=_VERDICTS[options["verdict"]],  # type: ignore[arg-type]
                by=person,
                reason=options["reason"],
                at=timezone.now(),
                seen=options["seen"],
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps(document_of(made), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("released" if made.released_at else "held back")
