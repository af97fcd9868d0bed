"""Finding runs whose message was lost or whose worker died."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from analysis.actions import failures
from analysis.actions.lease import MOST_ATTEMPTS, UNFINISHED
from analysis.actions.pieces import MOST_ATTEMPTS_AT_A_PIECE
from analysis.models import Run, RunPiece

_PATIENCE = timedelta(seconds=60)
_MOST_AT_ONCE = 100


def sweep() -> list[UUID]:
    """Give up runs that killed their worker too often; name those to send a message about.

    Named are runs that wait and were never announced, or not for a minute, runs whose worker's
    lease is over, and divided ones of which a piece was left behind, all pieces are over, or
    none was taken for a minute: the oldest hundred, so that a long queue is not announced over
    and over. A message too many does no harm.
    """
    abandoned = Q(state=Run.State.RUNNING, lease_until__lt=Now())
    Run.objects.filter(abandoned, attempts__gte=MOST_ATTEMPTS).update(
        state=Run.State.FAILED,
        failure=failures.worker_lost(MOST_ATTEMPTS).document(),
        finished_at=Now(),
        lease_until=None,
    )
    RunPiece.objects.filter(
        state=RunPiece.State.RUNNING,
        lease_until__lt=Now(),
        attempts__gte=MOST_ATTEMPTS_AT_A_PIECE,
    ).update(
        state=RunPiece.State.FAILED,
        failure=failures.worker_lost(MOST_ATTEMPTS_AT_A_PIECE).document(),
        finished_at=Now(),
        lease_until=None,
    )
    unheard = Q(state=Run.State.REQUESTED) & (
        Q(published_at__isnull=True) | Q(published_at__lt=Now() - _PATIENCE)
    )
    waiting = Run.objects.filter(abandoned | unheard | _stuck_in_pieces()).order_by("requested_at")
    return list(waiting.values_list("pk", flat=True)[:_MOST_AT_ONCE])


def _stuck_in_pieces() -> Q:
    pieces = RunPiece.objects.filter(run=OuterRef("pk"))
    unfinished = pieces.filter(state__in=UNFINISHED)
    left_behind = pieces.filter(state=RunPiece.State.RUNNING, lease_until__lt=Now())
    alive = pieces.filter(
        Q(taken_at__gte=Now() - _PATIENCE) | Q(state=RunPiece.State.RUNNING, lease_until__gte=Now())
    )
    unheard = Q(published_at__isnull=True) | Q(published_at__lt=Now() - _PATIENCE)
    return Q(state=Run.State.DIVIDED) & (
        Q(~Exists(unfinished)) | Q(Exists(left_behind)) | (unheard & Q(~Exists(alive)))
    )
