import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from analysis.models import Run, RunPiece

_FAILED = (RunPiece.State.REFUSED, RunPiece.State.FAILED)


class Command(BaseCommand):
    """Prints JSON: one entry a run, the newest first."""

    help = "Tell how runs stand: one by its number, or the newest ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", nargs="?", help="a run's number, or its first characters")
        parser.add_argument("--last", type=int, default=20, help="how many (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = Run.objects.select_related("plan_version__plan__wave__survey")
        if options["run"] is None:
            found = list(runs.order_by("-requested_at")[: options["last"]])
        else:
            found = [run for run in runs if str(run.pk).startswith(options["run"].lower())]
            if len(found) != 1:
                raise CommandError(f"{len(found)} runs have a number that starts so.")
        self.stdout.write(json.dumps([_entry(run) for run in found], default=str, indent=2))


def _entry(run: Run) -> dict[str, Any]:
    plan = run.plan_version.plan
    return {
        "run": run.pk,
        "survey": plan.wave.survey.slug,
        "wave": plan.wave.slug,
        "plan": plan.slug,
        "version": run.plan_version.number,
        "state": run.state,
        "models_done": run.progress_done,
        "models": run.progress_total,
        "attempts": run.attempts,
        "requested_at": run.requested_at,
        "finished_at": run.finished_at,
        "fingerprint": run.fingerprint,
        "failure": run.failure,
        "pieces": _pieces(run),
        "pieces_that_failed": [
            {"piece": each.number, "title": each.title, **each.failure}
            for each in run.pieces.filter(state__in=_FAILED).order_by("number")
        ],
    }


def _pieces(run: Run) -> dict[str, int]:
    """How many pieces are in each state; empty for a run that was done in one go."""
    counted = run.pieces.order_by().values_list("state").annotate(count=Count("pk"))
    return dict(sorted(counted))
