import json
from typing import Any

from django.core.management.base import BaseCommand

from analysis import actions, tasks


class Command(BaseCommand):
    """Prints JSON: the runs that were stalled, and those that a message was sent about."""

    help = "Find runs whose message was lost or whose worker died, once, and announce them anew."

    def handle(self, *args: Any, **options: Any) -> None:
        stalled = actions.sweep()
        announced = [run_id for run_id in stalled if tasks.publish(run_id)]
        self.stdout.write(
            json.dumps({"stalled": stalled, "announced": announced}, default=str, indent=2)
        )
