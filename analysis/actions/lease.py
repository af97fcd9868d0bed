"""A worker's hold on a run, or on a piece of one, by the clock of the database."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now

from analysis.models import Run, RunPiece
from analysis.refusals import Refusal
from config.leases import Lease

UNFINISHED = (RunPiece.State.WAITING, RunPiece.State.RUNNING)
MOST_ATTEMPTS = 3


class Stopped(Exception):
    """The work is no longer this worker's: it was withdrawn, or another worker has it."""


def lease_end() -> CombinedExpression:
    """Now, by the database's clock, and a lease's length; workers' own clocks may differ."""
    return Now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)


def claim(run_id: UUID) -> UUID | None:
    """Take a run that waits, whose worker died, or whose pieces are all over.

    None if it is another worker's, or over.
    """
    token = uuid4()
    unfinished = RunPiece.objects.filter(run=OuterRef("pk"), state__in=UNFINISHED)
    free = (
        Q(state=Run.State.REQUESTED)
        | Q(state=Run.State.RUNNING, lease_until__lt=Now())
        | Q(Q(state=Run.State.DIVIDED), ~Exists(unfinished))
    )
    taken = Run.objects.filter(free, pk=run_id, attempts__lt=MOST_ATTEMPTS).update(
        state=Run.State.RUNNING,
        claim=token,
        attempts=F("attempts") + 1,
        lease_until=lease_end(),
        started_at=Coalesce("started_at", Now()),
        progress_note="",
    )
    return token if taken else None


class RunLease(Lease):
    """Keeps a claimed run claimed while the block runs."""

    def __init__(self, run_id: UUID, token: UUID) -> None:
        held = Run.objects.filter(pk=run_id, claim=token, state=Run.State.RUNNING)
        super().__init__(held, {"lease_until": lease_end()})
        self.token = token


class PieceLease(Lease):
    """Keeps a claimed piece of a run claimed while the block runs."""

    def __init__(self, piece: RunPiece, token: UUID) -> None:
        held = RunPiece.objects.filter(pk=piece.pk, claim=token, state=RunPiece.State.RUNNING)
        super().__init__(held, {"lease_until": lease_end()})
        self.token = token


def put_back(lease: RunLease, why: Refusal) -> None:
    """Let the run wait for what passes, with the reason on its page; the attempt was none."""
    lease.held.all().update(
        state=Run.State.REQUESTED,
        claim=None,
        attempts=F("attempts") - 1,
        lease_until=None,
        # The sweep announces it again a minute after this.
        published_at=Now(),
        failure=why.document(),
        progress_note=why.message[:200],
    )


def put_piece_back(lease: PieceLease, run_id: UUID, why: Refusal) -> None:
    """The same of a piece; its run says why it waits."""
    lease.held.all().update(
        state=RunPiece.State.WAITING, claim=None, attempts=F("attempts") - 1, lease_until=None
    )
    Run.objects.filter(pk=run_id, state=Run.State.DIVIDED).update(
        progress_note=why.message[:200], published_at=Now()
    )
