"""Show or set which data a survey lets go out in replication packages."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions, extracts
from analysis.models import PackageRule


class Command(BaseCommand):
    """The rule on the page “Replication package”."""

    help = "Show which data go out in replication packages of a survey, or set it with --data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="the survey's name in its address")
        parser.add_argument("--data", choices=PackageRule.Data.values)
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            survey = extracts.survey_named(options["survey"])
        except extracts.Survey.DoesNotExist:
            raise CommandError(f"There is no survey {options['survey']!r}.") from None
        if options["data"] is not None:
            actions.set_package_rule(
                survey=survey, data=options["data"], by=None, at=timezone.now()
            )
        rule = actions.package_rule(survey)
        if options["json"]:
            self.stdout.write(json.dumps({"survey": survey.slug, "data": rule}, indent=2))
        else:
            self.stdout.write(f"{survey.slug}: {rule}")
