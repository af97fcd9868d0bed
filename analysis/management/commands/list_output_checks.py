"""List output checks: what was withheld from runs and why, and which wait for a decision."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis import actions, extracts
from analysis.models import OutputCheck


class Command(BaseCommand):
    """The pages “Output checks” and “Output check”."""

    help = "List the output checks of a survey that wait for a second person, or all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="the survey's name in its address")
        parser.add_argument("--all", action="store_true", help="those that were decided, too")
        parser.add_argument("--json", action="store_true", help="print JSON, with the findings")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            survey = extracts.survey_named(options["survey"])
        except extracts.Survey.DoesNotExist:
            raise CommandError(f"There is no survey {options['survey']!r}.") from None
        found = actions.waiting(survey)
        if options["all"]:
            found = OutputCheck.objects.filter(
                run__plan_version__plan__wave__survey=survey
            ).select_related("author", "decided_by", "run__plan_version__plan__wave")
        if options["json"]:
            self.stdout.write(
                json.dumps([document_of(each) for each in found], indent=2, ensure_ascii=False)
            )
            return
        for each in found:
            plan = each.run.plan_version.plan
            state = "released" if each.released_at else each.decision
            self.stdout.write(
                f"{each.run_id}  {state:9} {plan.wave.slug}  {plan.title}  "
                f"({len(each.findings)} findings)"
            )


def document_of(made: OutputCheck) -> dict[str, Any]:
    """A check as plain data."""
    plan = made.run.plan_version.plan
    return {
        "run": str(made.run_id),
        "wave": plan.wave.slug,
        "plan": plan.slug,
        "released": made.released_at is not None,
        "made_at": made.made_at.isoformat(),
        "seen": actions.mark_of_check(made),
        **actions.as_check(made).document(),
    }
