"""Telling the workers that something waits for them: tried once, soon over, never an error.

A message only says "look at this row". One that no broker took is made up for by a sweep, so
that neither a page nor a command has to wait for the queue, or to fail with it.
"""

import logging
import time

from celery import Task
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


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


def tell(task: Task, *arguments: str | int) -> bool:
    """Try once to send for a worker. False if no broker took the message.

    Bounded to about two seconds by a connection of its own, and to nothing for a while after
    a failure.
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
            task.apply_async(args=list(arguments), connection=connection, retry=False)
    except (OSError, OperationalError, *unavailable) as error:
        breaker.trip()
        logger.warning("No broker for %s (%s); the sweep will", task.name, type(error).__name__)
        return False
    breaker.reset()
    return True
