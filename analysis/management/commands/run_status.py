from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.models import Run


class Command(BaseCommand):
    help = "Tell how runs stand: one by its number, or the newest ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", nargs="?", help="a run's number, or its first characters")
        parser.add_argument("--last", type=int, default=20, help="how many (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = Run.objects.select_related("plan_version__plan__wave__survey")
        if options["run"] is None:
            for run in runs.order_by("-requested_at")[: options["last"]]:
                self.stdout.write(_line(run))
            return
        found = [run for run in runs if str(run.pk).startswith(options["run"].lower())]
        if len(found) != 1:
            raise CommandError(f"{len(found)} runs have a number that starts so.")
        self.stdout.write(_line(found[0]))
        if found[0].failure:
            self.stdout.write(f"  {found[0].failure['message']} {found[0].failure['remedy']}")


def _line(run: Run) -> str:
    plan = run.plan_version.plan
    return (
        f"{run.pk}  {run.get_state_display():<20}  {run.progress_done}/{run.progress_total}  "
        f"attempts {run.attempts}  {plan.wave.survey.slug}/{plan.wave.slug}/{plan.slug} "
        f"v{run.plan_version.number}"
    )
