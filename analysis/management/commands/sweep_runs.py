from typing import Any

from django.core.management.base import BaseCommand

from analysis import actions, tasks


class Command(BaseCommand):
    help = "Find runs whose message was lost or whose worker died, once, and announce them anew."

    def handle(self, *args: Any, **options: Any) -> None:
        stalled = actions.sweep()
        sent = sum(tasks.publish(run_id) for run_id in stalled)
        self.stdout.write(f"{len(stalled)} runs waited or had lost their worker; {sent} announced.")
        if sent < len(stalled):
            self.stderr.write("The broker did not take every message; the next sweep tries again.")
