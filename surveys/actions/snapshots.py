"""Computing the slow figures of the fieldwork, and what a wave aims at."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from surveys.actions import held_works
from surveys.actions.freezing import refuse_frozen
from surveys.models import AuditEvent, Case, FieldworkRefresh, FieldworkSnapshot, User, Wave
from surveys.queries.snapshots import figures

_AT_ONCE = 1_000


_State = FieldworkRefresh.State
_UNFORESEEN = (
    "Computing the figures broke off. Those shown are the ones before. Try again, and tell the "
    "operator if it happens twice."
)
_GIVEN_UP = (
    "Three workers ended in the middle of computing the figures. Those shown are the ones "
    "before. Perhaps the workers need more memory: ask the operator."
)


class RefreshFailed(Exception):
    """A refresh that broke off unforeseen. Holds the kind of the failure and no data of firms."""


def ask(*, wave: Wave, by: User | None, at: datetime) -> FieldworkRefresh:
    """Note that the figures of the wave are wanted anew; asked twice, they are computed once."""
    wish, is_new = FieldworkRefresh.objects.get_or_create(wave=wave, defaults={"by": by, "at": at})
    if not is_new:
        over = FieldworkRefresh.objects.filter(pk=wish.pk, state__in=(_State.DONE, _State.REFUSED))
        over.update(state=_State.WAITING, claim=None, attempts=0, message="", by=by, at=at)
    return wish


def carry_out(*, wish: int, at: datetime) -> bool:
    """Compute the figures that were asked for. False if there is nothing to do.

    Told twice, or to two workers, they are computed once. Raises RefreshFailed.
    """
    hold = held_works.take(FieldworkRefresh, wish)
    if hold is None:
        return False
    asked = FieldworkRefresh.objects.select_related(
        "wave__survey", "wave__instrument", "wave__frame"
    ).get(pk=wish)
    with suppress(held_works.Overtaken), hold.lease():
        try:
            refresh(wave=asked.wave, at=at, kept=lambda: hold.end(_State.DONE))
        except (held_works.Overtaken, OperationalError, InterfaceError):
            raise  # without its database the wish stays held, until the lease is over
        except Exception as failure:
            # A database's own message may hold a firm's data: only its kind goes on to the log.
            hold.end(_State.REFUSED, message=_UNFORESEEN)
            raise RefreshFailed(type(failure).__name__) from None
        return True
    return False


def waiting() -> list[int]:
    """Wishes that wait for a worker; one that killed three is given up, and told."""
    return held_works.waiting(FieldworkRefresh, message=_GIVEN_UP)


def refresh(
    *, wave: Wave, at: datetime, kept: Callable[[], None] = lambda: None
) -> FieldworkSnapshot:
    """Compute the snapshot of the wave and the priority of each of its cases anew.

    They are computed before anything is locked; `kept` is told in the transaction that keeps
    them, and raising, keeps nothing.
    """
    found = figures(wave)
    with transaction.atomic():
        Case.objects.filter(wave=wave, priority__isnull=False).update(priority=None)
        Case.objects.bulk_update(
            [Case(pk=key, priority=score) for key, score in found.priorities.items()],
            ["priority"],
            batch_size=_AT_ONCE,
        )
        snapshot, _ = FieldworkSnapshot.objects.update_or_create(
            wave=wave, defaults={"document": found.document, "made_at": at}
        )
        kept()
    return snapshot


def due(*, at: datetime, older_than: timedelta) -> list[Wave]:
    """The waves in the field whose snapshot is older than that, or missing."""
    waves = Wave.objects.filter(state=Wave.State.OPEN, origin=Wave.Origin.COLLECTED)
    fresh = waves.filter(fieldwork_snapshot__made_at__gt=at - older_than)
    return list(waves.exclude(pk__in=fresh).order_by("pk"))


@transaction.atomic
def aim_at(*, wave: Wave, response_rate: float | None, by: User | None, at: datetime) -> Wave:
    """State the response rate that is to be reached by the end of the field; None takes it back.

    Raises ValueError outside 0 to 1, WaveFrozen.
    """
    refuse_frozen(wave)
    if response_rate is not None and not 0 < response_rate <= 1:
        raise ValueError("A response rate lies above 0 and not above 1.")
    wave = Wave.objects.select_for_update(of=("self",)).select_related("survey").get(pk=wave.pk)
    kept = {name: value for name, value in (wave.target_rates or {}).items() if name != "RR1"}
    wave.target_rates = kept if response_rate is None else kept | {"RR1": response_rate}
    wave.save(update_fields=["target_rates"])
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="target_set",
        at=at,
        detail={"wave": wave.slug, "response_rate": response_rate},
    )
    return wave
