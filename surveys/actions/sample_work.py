"""Plans worked out and samples drawn by a worker, for frames that a page cannot wait for."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from surveys.actions import held_works, samples
from surveys.actions.freezing import refuse_frozen
from surveys.models import SampleWork, User, Wave
from surveys.queries.frames import frame_size
from surveys.sampling import SamplingRefused
from surveys.sampling.designs import DesignErrors, read

AT_ONCE = 20_000
"""Firms of a frame up to which a page works a plan out itself, in about half a second."""

_UNFORESEEN = (
    "The work broke off for a reason that is not in the plan, and nothing was kept. Try again, "
    "and tell the operator if it happens twice."
)
_GIVEN_UP = (
    "Three workers ended in the middle of this work, and nothing was kept. Perhaps the frame "
    "needs more memory than they have: ask the operator, then try again."
)


class WorkFailed(Exception):
    """Work that broke off unforeseen. Holds the kind of the failure and no data of firms."""


def is_for_worker(wave: Wave) -> bool:
    return wave.frame is not None and frame_size(wave.frame) > AT_ONCE


def ask(
    *, wave: Wave, kind: str, document: Mapping[str, Any], by: User | None, at: datetime
) -> SampleWork:
    """Note what a worker is to do.

    Raises DesignErrors, WaveFrozen, or DrawRefused if one is at it.
    """
    if kind == SampleWork.Kind.PLAN:
        read(document)
    try:
        with transaction.atomic():
            refuse_frozen(wave)
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
    hold = held_works.take(SampleWork, work)
    if hold is None:
        return
    asked = SampleWork.objects.select_related("wave__survey", "by").get(pk=work)
    with suppress(held_works.Overtaken), hold.lease():
        try:
            _do(asked, hold, at)
        except (samples.DrawRefused, SamplingRefused, DesignErrors) as refused:
            hold.end(SampleWork.State.REFUSED, message=str(refused))
        except (held_works.Overtaken, OperationalError, InterfaceError):
            raise  # without its database the work stays held, until the lease is over
        except Exception as failure:
            # A database's own message may hold a firm's data: only its kind goes on to the log.
            hold.end(SampleWork.State.REFUSED, message=_UNFORESEEN)
            raise WorkFailed(type(failure).__name__) from None


def waiting() -> list[int]:
    """Works that wait for a worker; those that killed three are given up, and told."""
    return held_works.waiting(SampleWork, message=_GIVEN_UP)


def _do(asked: SampleWork, hold: held_works.Hold, at: datetime) -> None:
    def reading(rows: int) -> None:
        hold.note(rows_read=rows)

    def done() -> None:
        hold.end(SampleWork.State.DONE, message="")

    if asked.kind == SampleWork.Kind.DRAW:
        samples.draw(wave=asked.wave, by=asked.by, at=at, reading=reading, kept=done)
        return
    samples.plan(
        wave=asked.wave, document=asked.document, by=asked.by, at=at, reading=reading, kept=done
    )
