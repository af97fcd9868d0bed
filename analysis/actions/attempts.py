"""Work that may fail for reasons that are not the plan's, and how each is told."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from analysis.actions import failures
from analysis.actions.lease import Stopped
from analysis.refusals import Refusal

logger = logging.getLogger(__name__)

Made = TypeVar("Made")


def attempt(
    work: Callable[[], Made],
    *,
    what: str,
    token: UUID,
    too_long: type[Exception],
    listening: Callable[[], AbstractContextManager[None]],
) -> Made | Refusal:
    """What the work makes, or why it made nothing.

    Raises: Stopped, and errors of the database, after which somebody else tries again.
    """
    try:
        with listening():
            return work()
    except Refusal as refusal:
        return refusal
    except too_long:
        _drop_interrupted_connection()
        return failures.out_of_time(settings.CELERY_TASK_SOFT_TIME_LIMIT // 60)
    except MemoryError:
        return failures.out_of_memory()
    except (Stopped, OperationalError, InterfaceError):
        raise
    except Exception:
        reference = str(token)[:8]
        logger.exception("%s failed, reference %s", what, reference)
        return failures.internal_error(reference)


def _drop_interrupted_connection() -> None:
    """A clock that rang while a query was under way leaves a connection no query can use."""
    if not connection.in_atomic_block:
        connection.close()
