"""Finding runs whose message was lost or whose worker died."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from analysis.actions import failures
from analysis.actions.lease import MOST_ATTEMPTS
from analysis.models import Run

_PATIENCE = timedelta(seconds=60)
_MOST_AT_ONCE = 100


def sweep() -> list[UUID]:
    """Give up runs that killed their worker too often; name those to send a message about.

    Named are runs that wait and were never announced, or not for a minute, and runs whose
    worker's lease is over: the oldest hundred, so that a long queue is not announced over
    and over. A message too many does no harm.
    """
    abandoned = Q(state=Run.State.RUNNING, lease_until__lt=Now())
    Run.objects.filter(abandoned, attempts__gte=MOST_ATTEMPTS).update(
        state=Run.State.FAILED,
        failure=failures.worker_lost(MOST_ATTEMPTS).document(),
        finished_at=Now(),
        lease_until=None,
    )
    unheard = Q(state=Run.State.REQUESTED) & (
        Q(published_at__isnull=True) | Q(published_at__lt=Now() - _PATIENCE)
    )
    waiting = Run.objects.filter(abandoned | unheard).order_by("requested_at")
    return list(waiting.values_list("pk", flat=True)[:_MOST_AT_ONCE])
