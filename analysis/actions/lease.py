"""A worker's hold on a run: taken and renewed by the clock of the database."""

import logging
import threading
from datetime import timedelta
from types import TracebackType
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from analysis.models import Run

MOST_ATTEMPTS = 3
_RENEWALS_PER_LEASE = 5

logger = logging.getLogger(__name__)


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


class Lease:
    """Keeps a claimed run claimed, from a thread of its own, while the block runs."""

    def __init__(self, run_id: UUID, token: UUID) -> None:
        self.held = Run.objects.filter(pk=run_id, claim=token, state=Run.State.RUNNING)
        self.token = token
        self.lost = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        period = settings.RUN_LEASE_SECONDS / _RENEWALS_PER_LEASE
        try:
            while not self._over.wait(period) and not self.lost.is_set():
                self._renew_once()
        finally:
            connection.close()

    def _renew_once(self) -> None:
        try:
            if not self.held.all().update(lease_until=lease_end()):
                self.lost.set()
        except DatabaseError:
            # The next turn tries again; if the lease ran out meanwhile, the claim decides.
            logger.warning("The lease of a run could not be renewed")
            connection.close()
