"""A worker's hold on work that was asked for: one has it at a time, and none for ever.

Work is taken by a conditional update under a token, kept by a lease that a thread renews, and
ended on condition that the token is still the worker's own. What a dead worker leaves is free
once its lease is over. Work that was begun three times and never ended is given up and told.
Times are those of the database: the workers' own clocks may differ or jump.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from config.leases import Lease
from surveys.models import FieldworkRefresh, FrameUpload, SampleWork, WeightingRequest

MOST_ATTEMPTS = 3
MOST_AT_ONCE = 100

AnyWork = FieldworkRefresh | FrameUpload | SampleWork | WeightingRequest


class Overtaken(Exception):
    """The work is not this worker's any more, and nothing of what it did may be kept."""


@dataclass(frozen=True, slots=True)
class _Course:
    """By which states a kind of work goes while it waits or is worked on, and if it ends badly."""

    under_way: tuple[str, ...]
    begun: str
    refused: str


_WORK = _Course(("waiting", "working"), "working", "refused")
_COURSES: Mapping[type[AnyWork], _Course] = {
    FieldworkRefresh: _WORK,
    FrameUpload: _Course(("loading",), "loading", "refused"),
    SampleWork: _WORK,
    WeightingRequest: _WORK,
}


class Hold:
    """Work that this worker has taken."""

    def __init__(self, kind: type[AnyWork], key: int, token: UUID) -> None:
        states = _COURSES[kind].under_way
        self.held: QuerySet[Any] = kind._default_manager.filter(
            pk=key, claim=token, state__in=states
        )

    def lease(self) -> Lease:
        """The block within which nobody else may take it."""
        return Lease(self.held, {"heard_at": Now()})

    def end(self, state: str, **columns: Any) -> None:
        """End the work. Raises Overtaken, so that a transaction around it keeps nothing."""
        if not self.held.all().update(state=state, claim=None, **columns):
            raise Overtaken

    def check(self) -> None:
        """Raises Overtaken if it is this worker's no more; locks nothing."""
        if not self.held.all().exists():
            raise Overtaken

    def note(self, **columns: Any) -> None:
        """Write down how far it is. Raises Overtaken."""
        if not self.held.all().update(heard_at=Now(), **columns):
            raise Overtaken


def take(kind: type[AnyWork], key: int) -> Hold | None:
    """Take work that waits, or whose worker is silent; None if there is nothing to take."""
    token = uuid4()
    taken = (
        _free(kind)
        .filter(pk=key, attempts__lt=MOST_ATTEMPTS)
        .update(
            claim=token,
            attempts=F("attempts") + 1,
            heard_at=Now(),
            state=_COURSES[kind].begun,
        )
    )
    return Hold(kind, key, token) if taken else None


def waiting(kind: type[AnyWork], *, message: str) -> list[int]:
    """Give up what killed its workers too often, with that message; name what is to be done.

    Named is whatever waits, whether or not it was announced before: a message too many does
    no harm.
    """
    free = _free(kind)
    free.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=_COURSES[kind].refused, message=message, claim=None
    )
    return list(free.order_by("at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def _free(kind: type[AnyWork]) -> QuerySet[Any]:
    """Work that nobody holds: not begun, or its worker silent for longer than a lease.

    A time in the future is that of a clock that was set back since.
    """
    lease = timedelta(seconds=settings.RUN_LEASE_SECONDS)
    silent = Q(heard_at__lt=Now() - lease) | Q(heard_at__gt=Now() + lease)
    nobody = Q(claim=None) | Q(heard_at=None) | silent
    return kind._default_manager.filter(nobody, state__in=_COURSES[kind].under_way)
