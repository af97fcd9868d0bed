"""Messages. Each says only "look at this run"; what is true stands in the database."""

import logging
import time
from functools import partial
from uuid import UUID

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_ready
from django.conf import settings
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError

from analysis import actions

logger = logging.getLogger(__name__)


@shared_task(name="analysis.tasks.estimate")
def estimate(run_id: str) -> None:
    """Carry out a requested run; delivered twice, it is carried out once."""
    actions.carry_out(run_id=UUID(run_id), too_long=SoftTimeLimitExceeded)


@shared_task(name="analysis.tasks.sweep_stalled_runs")
def sweep_stalled_runs() -> None:
    """Send a message about every run whose message or worker was lost."""
    for run_id in actions.sweep():
        publish(run_id)


@worker_ready.connect
def sweep_as_a_worker_starts(**_: object) -> None:
    sweep_stalled_runs.apply_async(expires=settings.SWEEP_SECONDS)


def publish_on_commit(run_id: UUID) -> None:
    """Tell the workers of a run once its row is committed. Never raises, never waits long."""
    transaction.on_commit(partial(publish, run_id), robust=True)


class Breaker:
    """After a failure, no further attempt of this process for a while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._closed_at = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._closed_at

    def trip(self) -> None:
        self._closed_at = time.monotonic() + self._seconds

    def reset(self) -> None:
        self._closed_at = 0.0


breaker = Breaker(seconds=30)


def publish(run_id: UUID) -> bool:
    """Try once to tell the workers of a run. False if no broker took the message.

    Bounded to about two seconds by a connection of its own; a message that was not sent is
    found by the sweep.
    """
    if breaker.is_open:
        return False
    connection = Connection(
        settings.BROKER_URL,
        connect_timeout=1,
        transport_options=settings.IMPATIENT_TRANSPORT_OPTIONS,
    )
    unavailable = (*connection.connection_errors, *connection.channel_errors)
    try:
        with connection:
            estimate.apply_async(args=[str(run_id)], connection=connection, retry=False)
    except (OSError, OperationalError, *unavailable) as error:
        breaker.trip()
        logger.warning("No broker for run %s (%s); the sweep will", run_id, type(error).__name__)
        return False
    breaker.reset()
    actions.note_published(run_id=run_id)
    return True
