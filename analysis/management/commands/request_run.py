import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions, extracts, tasks
from analysis.models import PlanVersion, Run
from analysis.refusals import Refusal

_OVER = {Run.State.DONE, Run.State.FAILED, Run.State.WITHDRAWN}


class Command(BaseCommand):
    """Prints JSON: the run's number, its state, and whether it is new."""

    help = "Request a run of the newest version of a plan, for a worker to carry out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", help="the plan's name in its address")
        parser.add_argument("--survey", required=True)
        parser.add_argument("--wave", required=True)
        parser.add_argument("--wait", action="store_true", help="until the run is over")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wave = extracts.wave_named(options["survey"], options["wave"])
        except extracts.Wave.DoesNotExist as absent:
            raise CommandError(str(absent)) from None
        version = (
            PlanVersion.objects.filter(plan__wave=wave, plan__slug=options["plan"])
            .order_by("-number")
            .first()
        )
        if version is None:
            raise CommandError(f"The wave has no plan {options['plan']!r}.")
        try:
            run, is_new = actions.request(plan_version=version, by=None, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if is_new:
            tasks.publish_on_commit(run.pk)
        while options["wait"] and run.state not in _OVER:
            time.sleep(0.5)
            run.refresh_from_db()
        if run.failure:
            raise CommandError(f"{run.failure['message']} {run.failure['remedy']}".strip())
        document = {"run": str(run.pk), "state": run.state, "is_new": is_new}
        self.stdout.write(json.dumps(document | {"fingerprint": run.fingerprint}, indent=2))
