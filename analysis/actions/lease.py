"""A worker's hold on a run: taken and renewed by the clock of the database."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from analysis.models import Run
from config.leases import Lease

MOST_ATTEMPTS = 3


class Stopped(Exception):
    """The run is no longer this worker's: it was withdrawn, or another worker has it."""


def lease_end() -> CombinedExpression:
    """Now, by the database's clock, and a lease's length; workers' own clocks may differ."""
    return Now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)


def claim(run_id: UUID) -> UUID | None:
    """Take a run that waits, or whose worker died. None if another worker has it."""
    token = uuid4()
    free = Q(state=Run.State.REQUESTED) | Q(state=Run.State.RUNNING, lease_until__lt=Now())
    taken = Run.objects.filter(free, pk=run_id, attempts__lt=MOST_ATTEMPTS).update(
        state=Run.State.RUNNING,
        claim=token,
        attempts=F("attempts") + 1,
        lease_until=lease_end(),
        started_at=Now(),
        progress_done=0,
        progress_note="",
    )
    return token if taken else None


class RunLease(Lease):
    """Keeps a claimed run claimed while the block runs."""

    def __init__(self, run_id: UUID, token: UUID) -> None:
        held = Run.objects.filter(pk=run_id, claim=token, state=Run.State.RUNNING)
        super().__init__(held, {"lease_until": lease_end()})
        self.token = token
