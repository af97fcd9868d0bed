"""Computing the slow figures of the fieldwork, and what a wave aims at."""

from datetime import datetime, timedelta

from django.db import transaction

from surveys.actions.freezing import refuse_frozen
from surveys.models import AuditEvent, Case, FieldworkSnapshot, User, Wave
from surveys.queries.snapshots import figures

_AT_ONCE = 1_000


@transaction.atomic
def refresh(*, wave: Wave, at: datetime) -> FieldworkSnapshot:
    """Compute the snapshot of the wave and the priority of each of its cases anew."""
    found = figures(wave)
    Case.objects.filter(wave=wave, priority__isnull=False).update(priority=None)
    Case.objects.bulk_update(
        [Case(pk=key, priority=score) for key, score in found.priorities.items()],
        ["priority"],
        batch_size=_AT_ONCE,
    )
    snapshot, _ = FieldworkSnapshot.objects.update_or_create(
        wave=wave, defaults={"document": found.document, "made_at": at}
    )
    return snapshot


def due(*, at: datetime, older_than: timedelta) -> list[int]:
    """Keys of the waves in the field whose snapshot is older than that, or missing."""
    waves = Wave.objects.filter(state=Wave.State.OPEN, origin=Wave.Origin.COLLECTED)
    fresh = waves.filter(fieldwork_snapshot__made_at__gt=at - older_than)
    return list(waves.exclude(pk__in=fresh).order_by("pk").values_list("pk", flat=True))


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
