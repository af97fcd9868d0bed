"""Messages. Each says only "look at this run"; what is true stands in the database."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from uuid import UUID

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_ready
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from analysis import actions, extracts
from config import workers

_SECONDS_BETWEEN_RINGS = 0.5
# Calls for workers that go out for one run; each turn that leaves work calls the next.
_MOST_CALLS = 64


@shared_task(name="analysis.tasks.estimate")
def estimate(run_id: str) -> None:
    """Carry out a requested run; delivered twice, it is carried out once."""
    actions.carry_out(
        run_id=UUID(run_id), too_long=SoftTimeLimitExceeded, listening=told_until_heard
    )
    for _ in range(min(actions.free_pieces(UUID(run_id)), _MOST_CALLS)):
        workers.tell(work_on_pieces, run_id)


@shared_task(name="analysis.tasks.work_on_pieces")
def work_on_pieces(run_id: str) -> None:
    """Take part for a turn in whatever is cut into pieces; call another if others wait."""
    if actions.work_on_pieces(too_long=SoftTimeLimitExceeded, listening=told_until_heard):
        workers.tell(work_on_pieces, run_id)


@shared_task(name="analysis.tasks.simulate_power")
def simulate_power(study: int) -> None:
    """Work out a power study in parts; two workers at once count each part once."""
    actions.carry_on_power(study)


@shared_task(name="analysis.tasks.make_codebook")
def make_codebook(wave: int) -> None:
    """Make the codebook of a wave that is too large for a page to wait; twice is once."""
    actions.make_codebook(wave=extracts.Wave.objects.get(pk=wave), at=timezone.now())


@contextmanager
def told_until_heard() -> Iterator[None]:
    """Celery's soft time limit, raised in the block again and again until it ends.

    The pool tells a process once that its time is over. Should that moment fall into a
    finaliser or the callback of a weak reference, Python prints the exception and drops it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_listening = True

    def ring(_number: int, _frame: FrameType | None) -> None:
        if is_listening:
            signal.setitimer(signal.ITIMER_REAL, _SECONDS_BETWEEN_RINGS)
            raise SoftTimeLimitExceeded

    before = {number: signal.signal(number, ring) for number in (signal.SIGUSR1, signal.SIGALRM)}
    try:
        try:
            yield
        finally:
            is_listening = False
    finally:
        is_listening = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


@shared_task(name="analysis.tasks.sweep_stalled_runs")
def sweep_stalled_runs() -> None:
    """Send a message about every run whose message or worker was lost."""
    for run_id in actions.sweep():
        publish(run_id)
    for study in actions.unheard_power():
        publish_power(study)


@worker_ready.connect
def sweep_as_a_worker_starts(**_: object) -> None:
    sweep_stalled_runs.apply_async(expires=settings.SWEEP_SECONDS)


def publish_on_commit(run_id: UUID) -> None:
    """Tell the workers of a run once its row is committed. Never raises, never waits long."""
    transaction.on_commit(partial(publish, run_id), robust=True)


def publish(run_id: UUID) -> bool:
    """Try once to tell the workers of a run. False if no broker took the message."""
    if not workers.tell(estimate, str(run_id)):
        return False
    actions.note_published(run_id=run_id)
    return True


def publish_power(study: int) -> bool:
    """The same of a power study."""
    return workers.tell(simulate_power, study)


def publish_power_on_commit(study: int) -> None:
    transaction.on_commit(partial(publish_power, study), robust=True)
