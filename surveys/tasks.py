"""Messages of the collecting half. Each does one thing and may be delivered twice."""

import time
from contextlib import suppress
from datetime import timedelta
from functools import partial

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from surveys.actions import (
    calls,
    closing,
    frames,
    mailing_batches,
    sample_work,
    sending,
    snapshots,
    weighting,
)
from surveys.exports import letters
from surveys.models import Wave

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
    """Carry out the steps of the day and send what waits; delivered twice, each goes once."""
    at = timezone.now()
    calls.list_what_is_due(at=at)
    sending.settle_lost(at=at)
    sending.queue_what_is_due(at=at)
    return sending.send_waiting(seconds=_A_ROUND).sent


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


@shared_task(name="surveys.tasks.make_waiting_letters")
def make_waiting_letters() -> int:
    """Send for the letters that wait: whose worker ended, or whose message was lost."""
    keys = mailing_batches.waiting(at=timezone.now())
    for key in keys:
        make_letters.delay(key)
    return len(keys)


@shared_task(name="surveys.tasks.make_weights")
def make_weights(request: int) -> None:
    """Make the weights that were asked for; delivered twice, they are made once."""
    weighting.carry_out_request(request=request, at=timezone.now())


@shared_task(name="surveys.tasks.refresh_fieldwork")
def refresh_fieldwork(wave: int) -> None:
    """Compute the slow figures of one wave's fieldwork; a second delivery computes them again."""
    found = Wave.objects.select_related("survey", "instrument", "frame").filter(pk=wave).first()
    if found is not None:
        snapshots.refresh(wave=found, at=timezone.now())


@shared_task(name="surveys.tasks.refresh_open_fieldwork")
def refresh_open_fieldwork() -> int:
    """Send for the figures of every wave in the field that are an hour old."""
    keys = snapshots.due(at=timezone.now(), older_than=timedelta(minutes=55))
    for key in keys:
        refresh_fieldwork.delay(key)
    return len(keys)


@shared_task(name="surveys.tasks.work_on_sample")
def work_on_sample(work: int) -> None:
    """Plan or draw the sample that was asked for; delivered twice, it is done once."""
    sample_work.carry_out(work=work, at=timezone.now())


@shared_task(name="surveys.tasks.load_frame")
def load_frame(upload: int) -> None:
    """Load the file of an upload that was begun; delivered twice, it makes one version."""
    frames.load(upload_id=upload, at=timezone.now())
