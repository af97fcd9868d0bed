"""Plans worked out and samples drawn by a worker, for frames that a page cannot wait for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from surveys.actions import samples
from surveys.models import SampleWork, User, Wave
from surveys.queries.frames import frame_size
from surveys.sampling import SamplingRefused
from surveys.sampling.designs import DesignErrors, read

AT_ONCE = 20_000
"""Firms of a frame up to which a page works a plan out itself, in about half a second."""

_PATIENCE = timedelta(minutes=5)
_UNFORESEEN = (
    "The work broke off for a reason that is not in the plan, and nothing was kept. Try again, "
    "and tell the operator if it happens twice."
)


class WorkFailed(Exception):
    """Work that broke off unforeseen. Holds the kind of the failure and no data of firms."""


def is_for_worker(wave: Wave) -> bool:
    return wave.frame is not None and frame_size(wave.frame) > AT_ONCE


def ask(
    *, wave: Wave, kind: str, document: Mapping[str, Any], by: User | None, at: datetime
) -> SampleWork:
    """Note what a worker is to do. Raises DesignErrors, or DrawRefused if one is at it."""
    if kind == SampleWork.Kind.PLAN:
        read(document)
    try:
        with transaction.atomic():
            return SampleWork.objects.create(
                wave=wave,
                kind=kind,
                document=dict(document),
                rows_total=frame_size(wave.frame) if wave.frame else 0,
                by=by,
                at=at,
            )
    except IntegrityError:
        raise samples.DrawRefused(
            "A worker is at the sample of this wave already. Wait until it is done."
        ) from None


def carry_out(*, work: int, at: datetime) -> None:
    """Plan or draw what was asked for; told twice, or to two workers, it is done once.

    A refusal is kept as a sentence for the page. Raises WorkFailed.
    """
    if not _claimed(work):
        return
    asked = SampleWork.objects.select_related("wave__survey", "by").get(pk=work)
    try:
        _do(asked, at)
    except (samples.DrawRefused, SamplingRefused, DesignErrors) as refused:
        _settle(work, SampleWork.State.REFUSED, str(refused))
    except Exception as failure:
        # A database's own message may hold a firm's data: only its kind goes on to the log.
        _settle(work, SampleWork.State.REFUSED, _UNFORESEEN)
        raise WorkFailed(type(failure).__name__) from None
    else:
        _settle(work, SampleWork.State.DONE, "")


def _claimed(work: int) -> bool:
    """Whether this worker may begin: nobody has, or who did is silent."""
    now = timezone.now()
    free = Q(state=SampleWork.State.WAITING) | Q(
        state=SampleWork.State.WORKING, heard_at__lt=now - _PATIENCE
    )
    claimed = SampleWork.objects.filter(free, pk=work).update(
        state=SampleWork.State.WORKING, heard_at=now, rows_read=0
    )
    return bool(claimed)


def _do(asked: SampleWork, at: datetime) -> None:
    def reading(rows: int) -> None:
        SampleWork.objects.filter(pk=asked.pk).update(rows_read=rows, heard_at=timezone.now())

    if asked.kind == SampleWork.Kind.DRAW:
        samples.draw(wave=asked.wave, by=asked.by, at=at, reading=reading)
        return
    samples.plan(wave=asked.wave, document=asked.document, by=asked.by, at=at, reading=reading)


def _settle(work: int, state: str, message: str) -> None:
    """End the work; what ended it first stays."""
    SampleWork.objects.filter(pk=work, state=SampleWork.State.WORKING).update(
        state=state, message=message
    )
