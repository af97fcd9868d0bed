"""Messages of the collecting half. Each does one thing and may be delivered twice."""

import time
from contextlib import suppress
from datetime import timedelta
from functools import partial

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config import workers
from surveys.actions import (
    calls,
    closing,
    frames,
    mailing_batches,
    mailings,
    sample_work,
    sending,
    snapshots,
    weighting,
)
from surveys.exports import letters

_A_ROUND = 50.0  # seconds: the clock starts the next one every minute
_LETTERS_AT_ONCE = 600.0  # seconds, well below the time limit of a task


@shared_task(name="surveys.tasks.forget_expired_sessions")
def forget_expired_sessions() -> int:
    """Drop the sessions that are over; the database would keep them for ever."""
    dropped, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return dropped


@shared_task(name="surveys.tasks.freeze_due_waves")
def freeze_due_waves() -> int:
    """Freeze the closed waves whose correction period is over; safe to repeat."""
    return closing.freeze_due(at=timezone.now())


@shared_task(name="surveys.tasks.send_contacts")
def send_contacts() -> int:
    """Carry out the steps of the day and send what waits; delivered twice, each goes once.

    Firms go on the phone list, e-mails are queued. Letters have a task of their own.
    """
    at = timezone.now()
    calls.list_what_is_due(at=at)
    sending.settle_lost(at=at)
    sending.queue_what_is_due(at=at)
    return sending.send_waiting(seconds=_A_ROUND).sent


@shared_task(name="surveys.tasks.ask_for_letters")
def ask_for_letters() -> int:
    """Ask for the letters whose day it is; two clocks at once ask for none twice."""
    asked = mailings.ask_what_is_due(at=timezone.now())
    for mailing in asked:
        workers.tell(make_letters, mailing.pk)
    return len(asked)


@shared_task(name="surveys.tasks.make_letters")
def make_letters(mailing: int) -> bool:
    """Make letters that were asked for, for some minutes; delivered twice, each is made once."""
    end = time.monotonic() + _LETTERS_AT_ONCE
    draw = partial(letters.draw, on=timezone.localdate())
    with suppress(mailing_batches.CannotBeMade):  # the page of the step says why
        return mailing_batches.make(
            mailing=mailing,
            draw=draw,
            join=letters.join,
            now=timezone.now,
            goes_on=lambda: time.monotonic() < end,
        )
    return False


@shared_task(name="surveys.tasks.make_weights")
def make_weights(request: int) -> None:
    """Make the weights that were asked for; delivered twice, they are made once."""
    weighting.carry_out_request(request=request, at=timezone.now())


@shared_task(name="surveys.tasks.refresh_fieldwork")
def refresh_fieldwork(wish: int) -> None:
    """Compute the slow figures of a wave's fieldwork; delivered twice, it is done once."""
    snapshots.carry_out(wish=wish, at=timezone.now())


@shared_task(name="surveys.tasks.refresh_open_fieldwork")
def refresh_open_fieldwork() -> int:
    """Ask for the figures of every wave in the field that are an hour old."""
    at = timezone.now()
    waves = snapshots.due(at=at, older_than=timedelta(minutes=55))
    for wave in waves:
        workers.tell(refresh_fieldwork, snapshots.ask(wave=wave, by=None, at=at).pk)
    return len(waves)


@shared_task(name="surveys.tasks.work_on_sample")
def work_on_sample(work: int) -> None:
    """Plan or draw the sample that was asked for; delivered twice, it is done once."""
    sample_work.carry_out(work=work, at=timezone.now())


@shared_task(name="surveys.tasks.load_frame")
def load_frame(upload: int) -> None:
    """Load the file of an upload that was begun; delivered twice, it makes one version."""
    frames.load(upload_id=upload, at=timezone.now())


@shared_task(name="surveys.tasks.carry_on_waiting_work")
def carry_on_waiting_work() -> int:
    """Send for work whose message was lost or whose worker ended; a message too many is none."""
    waiting = (
        (make_letters, mailing_batches.waiting(at=timezone.now())),
        (make_weights, weighting.waiting()),
        (work_on_sample, sample_work.waiting()),
        (load_frame, frames.waiting()),
        (refresh_fieldwork, snapshots.waiting()),
    )
    return sum(workers.tell(task, key) for task, keys in waiting for key in keys)


@worker_ready.connect
def carry_on_as_a_worker_starts(**_: object) -> None:
    carry_on_waiting_work.apply_async(expires=settings.SWEEP_SECONDS)
